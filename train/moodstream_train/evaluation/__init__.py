"""Evaluation of a run: every row of the protocol."""
