"""Other programs and other ways to do the same, for comparison."""
