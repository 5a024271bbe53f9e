"""Data for training: features, splits, and the examples drawn from them."""
