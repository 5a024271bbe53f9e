"""Corpora of sounds: street and house, and noises made by formula."""
