"""Evaluation of a run by the rows of the protocol."""
