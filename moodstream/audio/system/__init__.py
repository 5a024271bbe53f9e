"""Sound systems below PortAudio, asked for what it does not tell."""
