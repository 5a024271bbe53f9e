"""Sections of the page of results."""
