"""Speed and memory of moodstream: scripts that print tables, never tests that fail."""
