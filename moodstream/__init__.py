"""moodstream hears the mood of a room: audio in, mood events out."""

__version__ = "0.1.0"
"""The one place that says it; the build reads it here."""
