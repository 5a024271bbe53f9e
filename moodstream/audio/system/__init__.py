"""Sound systems below PortAudio: their sources, and signs of new devices."""
