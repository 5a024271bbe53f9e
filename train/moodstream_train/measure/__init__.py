"""Measurements of a bundle: clips are played through the runtime, and its answers are scored."""
