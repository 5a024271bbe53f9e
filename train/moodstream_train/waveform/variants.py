"""Random variants of a clip: other speeds, backgrounds, rooms, microphones and noises."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import soxr

from moodstream.arrays import Float32
from moodstream_train.recipe import Variants
from moodstream_train.waveform import effects
from moodstream_train.waveform.background import Background, Presence, behind, heard_with

VERSION = 6
"""Part of the key of cached features. Raise it when the same recipe gives other samples."""
BABBLE_TALKERS = 3, 6
"""Fewest and most voices at once behind a clip."""


class Surroundings(NamedTuple):
    """Recordings that may be around a clip; each function draws one, and None has none to draw."""

    talker: Callable[[], Float32] | None = None
    """Draws a voice [shape=(n,)]."""
    background: Callable[[], Background] | None = None
    """Draws another sound, or music."""
    room: Callable[[], Float32] | None = None
    """Draws a measured impulse response [shape=(n,)]."""


class Variant(NamedTuple):
    """A changed clip."""

    samples: Float32
    """[shape=(n,)]."""
    heard: Presence
    """Whether voice and music are heard in it."""


def vary(
    samples: Float32,
    rate: int,
    heard: Presence,
    recipe: Variants,
    rng: np.random.Generator,
    around: Surroundings,
) -> Variant:
    """Return a variant of a clip of about its length, at the same rate.

    Args:
        samples: of the clip [shape=(n,)].
        rate: hertz.
        heard: whether voice and music are heard in the clip.
        recipe: probabilities and limits of the changes.
        rng: source of all random choices.
        around: other recordings.
    """
    factor = 1 + rng.uniform(-recipe.speed, recipe.speed)
    varied = soxr.resample(samples, rate * factor, rate).astype(np.float32)
    if around.talker and rng.random() < recipe.babble_share:
        count = int(rng.integers(*BABBLE_TALKERS, endpoint=True))
        others = effects.babble([around.talker() for _ in range(count)], len(varied), rng)
        varied = effects.mixed(varied, others, effects.within(recipe.noise_db, rng))
    elif around.background and rng.random() < recipe.background_share:
        background, below_db = around.background(), effects.within(recipe.background_db, rng)
        varied = behind(varied, background.samples, below_db, rng)
        heard = heard_with(heard, background.heard, below_db)
    if rng.random() < recipe.pause_share:
        pauses = effects.pauses(len(varied) / rate, recipe.until_pause_s, recipe.pause_s, rng)
        varied = effects.silenced(varied, rate, pauses)
    if rng.random() < recipe.reverb_share:
        measured = around.room and rng.random() < recipe.measured_share
        response = (
            around.room()
            if around.room and measured
            else effects.room_response(effects.within(recipe.reverb_s, rng), rate, rng)
        )
        varied = effects.convolve(varied, response)
    if rng.random() < recipe.microphone_share:
        points = effects.microphone(recipe.microphone_db, rng)
        varied = effects.filtered(varied, rate, points)
    if rng.random() < recipe.band_share:
        low_hz, high_hz = (
            effects.within(recipe.band_low_hz, rng),
            effects.within(recipe.band_high_hz, rng),
        )
        varied = effects.filtered(varied, rate, effects.band(low_hz, high_hz))
    if rng.random() < recipe.noise_share:
        noise = effects.coloured_noise(len(varied), float(rng.choice([0.0, 0.5])), rng)
        varied = effects.mixed(varied, noise, effects.within(recipe.noise_db, rng))
    if rng.random() < recipe.clip_share:
        most = np.float32(np.abs(varied).max() * 10 ** (-effects.within(recipe.clip_db, rng) / 20))
        varied = np.clip(varied, -most, most)
    return Variant(varied.astype(np.float32), heard)
