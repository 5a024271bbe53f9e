"""Programs that are measured or that prepare it, each run in a process of its own."""
