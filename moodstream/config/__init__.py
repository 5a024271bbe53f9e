"""Settings: their sections, and loading them from file, environment and options."""
