"""Backgrounds: other sounds and music behind a clip."""

from typing import NamedTuple

import numpy as np

from moodstream.arrays import Float32
from moodstream_train.waveform.effects import mixed

AUDIBLE_DB = 20.0
"""A background further below its clip than this may not be heard."""

Presence = tuple[float | None, float | None]
"""Whether voice and music are there: 1.0 or 0.0; None where it is not known."""


class Background(NamedTuple):
    """A recording that may play behind others."""

    samples: Float32
    """[shape=(n,)]."""
    heard: Presence
    """Whether voice and music are heard in it."""


def behind(
    samples: Float32, background: Float32, below_db: float, rng: np.random.Generator
) -> Float32:
    """Return a clip with a background, repeated to its length, from a random place on.

    Args:
        samples: the clip [shape=(n,)].
        background: what plays behind it [shape=(m,)].
        below_db: how far its power lies below the clip's, decibels.
        rng: draws the place.
    """
    start = int(rng.integers(len(background)))
    return mixed(samples, np.resize(np.roll(background, -start), len(samples)), below_db)


def heard_with(clip: Presence, background: Presence, below_db: float) -> Presence:
    """Return whether voice and music are heard in a clip with a background."""
    voice, music = (_either(a, b, below_db) for a, b in zip(clip, background, strict=True))
    return voice, music


def _either(clip: float | None, background: float | None, below_db: float) -> float | None:
    if clip == 1.0 or background == 0.0:
        return clip
    if background == 1.0 and below_db <= AUDIBLE_DB:
        return 1.0
    return None
