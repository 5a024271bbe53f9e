"""Commands that this package adds to ``moodstream``, one for each file."""
