"""The daemon, while everything that it depends on fails, counted: see ``__main__.py``."""
