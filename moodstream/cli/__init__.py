"""Command line: the group of all commands, options, failures and signals that they share."""
