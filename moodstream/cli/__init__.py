"""Command line: the group of all commands, and the options, failures and signals they share."""
