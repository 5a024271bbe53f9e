"""Commands that install moodstream."""
