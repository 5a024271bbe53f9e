"""The outputs of both networks."""

from typing import Any

from keras import layers

from moodstream.mood.circumplex import MOODS

OUTPUTS = ("logits", "heard", "place")
"""Moods, voice and music, valence and arousal."""


def outputs(x: Any) -> dict[str, Any]:
    """Return the outputs that a network draws from its last layer.

    ``logits`` are those of the moods, ``heard`` are the logits of voice and of music, each for
    itself, and ``place`` is the valence and the arousal in -1..1.
    """
    return {
        "logits": layers.Dense(len(MOODS), name="logits")(x),
        "heard": layers.Dense(2, name="heard")(x),
        "place": layers.Dense(2, activation="tanh", name="place")(x),
    }
