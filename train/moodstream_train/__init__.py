"""Trains, measures and exports the model bundles of moodstream."""
