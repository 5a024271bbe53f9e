"""Commands that this package adds to ``moodstream``, a file each."""
