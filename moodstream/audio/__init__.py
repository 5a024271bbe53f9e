"""Where audio comes from: devices and files, and the rate it is brought to."""
