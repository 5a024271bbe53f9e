"""Answers of published models ("teachers") about audio, to train smaller models on."""
