"""Changes to a waveform: rooms, microphones and noises, and random variants of a clip."""
