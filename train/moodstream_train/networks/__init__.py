"""Keras networks: the CNN and the RNN."""
