"""Benchmarks of replays, start-up and training: CPU time, time on the clock, memory."""
