"""Past moods in a database: minutes, events and days."""
