"""Sources of audio: devices, files and streams, mixed to mono at the rate of the features."""
