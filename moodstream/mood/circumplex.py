"""The eight moods, where they lie on the circumplex, and the state of a room."""

import math
from collections.abc import Sequence

MOODS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
"""In the order of RAVDESS (Livingstone & Russo 2018); a mood's id is its index."""

QUADRANT_OF = {
    "neutral": "Q4",
    "calm": "Q4",
    "happy": "Q1",
    "sad": "Q3",
    "angry": "Q2",
    "fearful": "Q2",
    "disgust": "Q2",
    "surprised": "Q1",
}
"""Valence and arousal: Q1 + +, Q2 - +, Q3 - -, Q4 + -."""

QUADRANTS = ("Q1", "Q2", "Q3", "Q4")

_ANGLES = {
    "calm": 316.2,
    "happy": 7.8,
    "sad": 207.5,
    "angry": 99.0,
    "fearful": 116.0,
    "disgust": 138.0,
    "surprised": 69.8,
}
# Degrees on the circumplex of J. A. Russell (1980), "A circumplex model of affect", figure 2:
# calm, happy, sad, angry, afraid, astonished. Disgust is not among his 28 words; it takes the
# place of "distressed".

CIRCUMPLEX = {
    mood: (
        (math.cos(math.radians(_ANGLES[mood])), math.sin(math.radians(_ANGLES[mood])))
        if mood in _ANGLES
        else (0.0, 0.0)
    )
    for mood in MOODS
}
"""(valence, arousal) of each mood, in -1 .. 1; neutral is the origin."""


def quadrant_scores(scores: Sequence[float]) -> dict[str, float]:
    """The evidence for each quadrant: the sum over its moods.

    Args:
        scores: one probability a mood, in the order of :data:`MOODS`.
    """
    sums = dict.fromkeys(QUADRANTS, 0.0)
    for mood, score in zip(MOODS, scores, strict=True):
        sums[QUADRANT_OF[mood]] += score
    return sums


def quadrant(scores: Sequence[float]) -> str:
    """The quadrant with the most evidence."""
    sums = quadrant_scores(scores)
    return max(sums, key=sums.__getitem__)


def valence_arousal(scores: Sequence[float]) -> tuple[float, float]:
    """The expected place on the circumplex, each axis in -1 .. 1."""
    places = [CIRCUMPLEX[mood] for mood in MOODS]
    valence = sum(p * place[0] for p, place in zip(scores, places, strict=True))
    arousal = sum(p * place[1] for p, place in zip(scores, places, strict=True))
    return valence, arousal
