"""Recordings in parallel: worker processes, and the process that gives them work."""
