"""Moods: the labels, the circumplex, the state of a room, and smoothing over time."""
