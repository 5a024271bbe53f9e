"""Card of a bundle: its training data and results, and the page ``MODEL_CARD.md``."""
