"""Corpora of voices: acted speech and song, single words, and vocal bursts."""
