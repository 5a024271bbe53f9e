"""Training: runs, fitting and calibration."""
