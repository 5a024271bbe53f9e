"""Samples that need no decoder, and the headers before them."""
