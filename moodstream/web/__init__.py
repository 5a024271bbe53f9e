"""The page: the moods of all rooms live, and their history."""
