"""`moodstream doctor`: stages of an examination, and its report."""
