"""Corpora of sounds: street and house, and synthetic noises."""
