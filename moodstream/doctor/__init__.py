"""`moodstream doctor`: the checks of this machine, in stages, and the report."""
