"""The model card: its data and its page."""
