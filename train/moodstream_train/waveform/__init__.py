"""Changes to a waveform: rooms, microphones, noise, and random variants of a clip."""
