"""The page: the live moods of all rooms, and their history."""
