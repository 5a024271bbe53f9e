"""Commands for music libraries."""
