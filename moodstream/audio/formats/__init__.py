"""Decoders of audio files and streams, from bytes to samples of all channels."""
