"""Recordings side by side: worker processes, and the process that gives them work."""
