"""Replay: recordings and whole libraries through the pipeline."""
