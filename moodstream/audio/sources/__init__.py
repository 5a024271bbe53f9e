"""Endless sources besides microphones: commands, FIFOs and URLs, opened again when they end."""
