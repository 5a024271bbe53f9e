"""Corpora of music: recordings, and MIDI files that are rendered to audio."""
