"""Targets of the clips: moods, voice and music, and the position on the circumplex."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from moodstream.arrays import Float32
from moodstream.mood.circumplex import CIRCUMPLEX, MOODS, QUADRANT_OF
from moodstream_train.corpora.clip import Clip

CORNERS = {"Q1": (0.5, 0.5), "Q2": (-0.5, 0.5), "Q3": (-0.5, -0.5), "Q4": (0.5, -0.5)}
"""Valence and arousal of a quadrant: its centre."""
RATED, ACTED = 1.0, 0.3
"""Weights of a position rated by listeners, and of one that only follows from a label."""


class Targets(NamedTuple):
    """Targets of each clip; a weight of 0 means an unknown value."""

    moods: Float32
    """1 for each correct mood [shape=(clips, moods)]."""
    mood_weights: Float32
    """[shape=(clips,)]."""
    heard: Float32
    """Probability of voice and of music [shape=(clips, 2)]."""
    heard_weights: Float32
    """[shape=(clips, 2)]."""
    place: Float32
    """Valence and arousal, -1..1 [shape=(clips, 2)]."""
    place_weights: Float32
    """[shape=(clips, 2)]."""


def targets(clips: Sequence[Clip]) -> Targets:
    """Return the targets of some clips."""
    n = len(clips)
    made = Targets(
        np.zeros((n, len(MOODS)), np.float32),
        np.zeros(n, np.float32),
        *(np.zeros((n, 2), np.float32) for _ in range(4)),
    )
    for i, clip in enumerate(clips):
        right = clip.moods if clip.named is None else (clip.named,)
        made.moods[i, list(right)] = 1
        made.mood_weights[i] = bool(right)
        _fill(made.heard[i], made.heard_weights[i], (clip.voice, clip.music), 1.0)
        rated = (clip.valence, clip.arousal)
        _fill(made.place[i], made.place_weights[i], rated, RATED)
        if rated == (None, None) and right:
            _fill(made.place[i], made.place_weights[i], _place(right), ACTED)
    return made


def _fill(
    values: Float32, weights: Float32, known: tuple[float | None, float | None], weight: float
) -> None:
    for k, value in enumerate(known):
        if value is not None:
            values[k], weights[k] = value, weight


def _place(right: Sequence[int]) -> tuple[float, float]:
    """Return the position of the only correct mood, or the centre of the moods' quadrant."""
    if len(right) == 1:
        return CIRCUMPLEX[MOODS[right[0]]]
    return CORNERS[QUADRANT_OF[MOODS[right[0]]]]
