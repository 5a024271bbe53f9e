"""The moods of the past in a database: minutes, events and days."""
