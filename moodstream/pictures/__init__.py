"""Pictures of recordings and of the history, and the report of many recordings."""
