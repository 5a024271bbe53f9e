"""The output of a classifier."""

from typing import NamedTuple

from moodstream.arrays import Float32


class Output(NamedTuple):
    """Output of one model for one hop."""

    moods: Float32
    """Log probabilities of the moods [shape=(moods,)]."""
    heard: Float32
    """Logits of voice and of music, independent of each other [shape=(2,)]."""
    place: Float32
    """Valence and arousal, -1..1 [shape=(2,)]."""
