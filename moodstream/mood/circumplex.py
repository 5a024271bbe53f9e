"""The eight moods, and their positions on the circumplex of valence and arousal."""

import math
from collections.abc import Sequence

MOODS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
"""Names in the order of RAVDESS (Livingstone & Russo 2018); the id of a mood is its index."""

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
"""Quadrant of each mood by the signs of valence and arousal: Q1 + +, Q2 - +, Q3 - -, Q4 + -."""

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
# Degrees on the circumplex of J. A. Russell (1980), "A circumplex model of affect", figure 2: calm,
# happy, sad, angry, afraid, astonished. Disgust is not among his 28 words; it has the position of
# "distressed".

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
    """Return the probability of each quadrant: the sum over its moods.

    Args:
        scores: probability of each mood, in the order of :data:`MOODS`.
    """
    sums = dict.fromkeys(QUADRANTS, 0.0)
    for mood, score in zip(MOODS, scores, strict=True):
        sums[QUADRANT_OF[mood]] += score
    return sums


def quadrant(scores: Sequence[float]) -> str:
    """Return the most probable quadrant."""
    sums = quadrant_scores(scores)
    return max(sums, key=sums.__getitem__)


def nearest(name: str, valence: float, arousal: float) -> tuple[float, float]:
    """Return the position in a quadrant that is nearest to one on the plane.

    Args:
        name: of the quadrant; its borders belong to it.
        valence: of the position.
        arousal: of the position.
    """
    return (
        max(0.0, valence) if name in ("Q1", "Q4") else min(0.0, valence),
        max(0.0, arousal) if name in ("Q1", "Q2") else min(0.0, arousal),
    )
