"""Benchmark of this machine: the time, memory and energy that moodstream uses."""
