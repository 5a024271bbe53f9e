"""The model bundle: its card, its files on disk, and the two classifiers."""
