"""Settings: their sections, and how they are loaded and shown."""
