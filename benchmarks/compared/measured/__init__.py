"""Programs that each run in a process of their own, in the environment of what is compared."""
