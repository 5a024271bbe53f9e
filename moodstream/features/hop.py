"""The hop: the audio that is classified at once."""

DEFAULT_HOP_S = 0.5
"""Seconds from one classification to the next, where the user sets nothing else.

The bundle's self-test was recorded with it.
"""
