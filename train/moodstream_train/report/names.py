"""Names of corpora and models on the page."""

HEADLINES = {
    "song": ("RAVDESS song, 6 moods, UAR", "uar"),
    "speech": ("RAVDESS speech, 8 moods, UAR", "uar"),
    "cremad": ("CREMA-D, 6 moods, UAR", "uar"),
    "music": ("4Q music, quadrant, accuracy", "accuracy"),
    "emopia": ("EMOPIA rendered, quadrant, accuracy", "accuracy"),
    "own": ("own recordings, UAR", "uar"),
}
"""Main figure of each corpus: its title and its key."""
CORPUS_TITLES = {
    "song": "RAVDESS song",
    "speech": "RAVDESS speech",
    "cremad": "CREMA-D",
    "music": "4Q music",
    "emopia": "EMOPIA, rendered",
    "own": "own recordings",
}
MODEL_TITLES = {"fused": "both", "cnn": "CNN", "rnn": "RNN"}
