"""The commands, one for each file. A command imports what it needs only when it runs."""
