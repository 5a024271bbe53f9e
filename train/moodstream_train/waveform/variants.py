"""Random variants of a clip: other speeds, rooms, microphones and noises."""

from collections.abc import Callable

import numpy as np
import soxr

from moodstream.arrays import Float32
from moodstream_train.recipe import Variants
from moodstream_train.waveform import effects

VERSION = 3
"""Part of the key of cached features. Raise it when the same recipe gives other samples."""
BABBLE_TALKERS = 3, 6
"""Fewest and most voices at once behind a clip."""


def vary(
    samples: Float32,
    rate: int,
    recipe: Variants,
    rng: np.random.Generator,
    talker: Callable[[], Float32] | None = None,
) -> Float32:
    """Return a variant of a clip [shape=(n,), float32] of about its length, at the same rate.

    Args:
        samples: of the clip [shape=(n,)].
        rate: hertz.
        recipe: probabilities and limits of the changes.
        rng: source of all random choices.
        talker: returns a recording of a voice behind the clip; None for no voices.
    """
    factor = 1 + rng.uniform(-recipe.speed, recipe.speed)
    varied = soxr.resample(samples, rate * factor, rate).astype(np.float32)
    if talker and rng.random() < recipe.babble_share:
        count = int(rng.integers(*BABBLE_TALKERS, endpoint=True))
        others = effects.babble([talker() for _ in range(count)], len(varied), rng)
        varied = effects.mixed(varied, others, _within(recipe.noise_db, rng))
    if rng.random() < recipe.reverb_share:
        response = effects.room_response(_within(recipe.reverb_s, rng), rate, rng)
        varied = effects.convolve(varied, response)
    if rng.random() < recipe.microphone_share:
        points = effects.microphone(recipe.microphone_db, rng)
        varied = effects.filtered(varied, rate, points)
    if rng.random() < recipe.band_share:
        low_hz, high_hz = _within(recipe.band_low_hz, rng), _within(recipe.band_high_hz, rng)
        varied = effects.filtered(varied, rate, effects.band(low_hz, high_hz))
    if rng.random() < recipe.noise_share:
        noise = effects.coloured_noise(len(varied), float(rng.choice([0.0, 0.5])), rng)
        varied = effects.mixed(varied, noise, _within(recipe.noise_db, rng))
    if rng.random() < recipe.clip_share:
        most = np.float32(np.abs(varied).max() * 10 ** (-_within(recipe.clip_db, rng) / 20))
        varied = np.clip(varied, -most, most)
    made: Float32 = varied
    return made


def _within(limits: tuple[float, ...], rng: np.random.Generator) -> float:
    low, high = limits
    return float(rng.uniform(low, high))
