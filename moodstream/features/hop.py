"""The hop: the audio that is classified at once."""

DEFAULT_HOP_S = 0.5
"""Default time from one classification to the next, seconds.

The bundle's self-test was recorded with it.
"""
