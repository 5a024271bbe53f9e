"""Faults of everything that the daemon depends on, counted: see ``__main__.py``."""
