"""Installation of the daemon as a systemd service: its unit and its settings."""
