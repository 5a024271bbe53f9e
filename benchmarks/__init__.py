"""Benchmarks of the speed and memory of moodstream, which print tables."""
