"""Training, evaluation and export of the model bundles of moodstream."""
