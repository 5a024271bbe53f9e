"""Benchmarks of the daemon while it listens, and the room that it listens to."""
