"""How a clip may have sounded elsewhere: other speeds, rooms, microphones and noises."""

from collections.abc import Callable, Sequence

import numpy as np
import soxr

from moodstream.arrays import Float32
from moodstream_train.recipe import Variants

VERSION = 2
"""Counts up when the same recipe begins to give other samples: cached features are then stale."""
TALKERS = 3, 6
"""Fewest and most who talk at once behind a voice."""
STOP_DB = -60.0
"""What passes a telephone of the bands that it does not carry."""

Points = Sequence[tuple[float, float]]
"""A response: (hertz, decibels), linear in octaves between, constant beyond."""


def vary(
    samples: Float32,
    rate: int,
    recipe: Variants,
    rng: np.random.Generator,
    talker: Callable[[], Float32] | None = None,
) -> Float32:
    """A variant of a clip [shape=(n,), float32] of about its length, at the same rate in hertz.

    Args:
        samples: of the clip [shape=(n,)].
        rate: hertz.
        recipe: what may happen to it.
        rng: of what does.
        talker: gives a recording of somebody who may talk behind the clip; None is nobody.
    """
    factor = 1 + rng.uniform(-recipe.speed, recipe.speed)
    varied = soxr.resample(samples, rate * factor, rate).astype(np.float32)
    if talker and rng.random() < recipe.babble_share:
        count = int(rng.integers(*TALKERS, endpoint=True))
        others = babble([talker() for _ in range(count)], len(varied), rng)
        varied = _above(varied, others, _within(recipe.noise_db, rng))
    if rng.random() < recipe.reverb_share:
        varied = convolve(varied, room_response(_within(recipe.reverb_s, rng), rate, rng))
    if rng.random() < recipe.microphone_share:
        varied = filtered(varied, rate, microphone(recipe.microphone_db, rng))
    if rng.random() < recipe.band_share:
        low_hz, high_hz = _within(recipe.band_low_hz, rng), _within(recipe.band_high_hz, rng)
        varied = filtered(varied, rate, band(low_hz, high_hz))
    if rng.random() < recipe.noise_share:
        noise = coloured_noise(len(varied), float(rng.choice([0.0, 0.5])), rng)
        varied = _above(varied, noise, _within(recipe.noise_db, rng))
    if rng.random() < recipe.clip_share:
        most = np.float32(np.abs(varied).max() * 10 ** (-_within(recipe.clip_db, rng) / 20))
        varied = np.clip(varied, -most, most)
    made: Float32 = varied
    return made


def babble(voices: Sequence[Float32], length: int, rng: np.random.Generator) -> Float32:
    """Some who talk at once, equally loud, over and over, from anywhere [shape=(length,)]."""
    made = np.zeros(length, np.float32)
    for voice in voices:
        start = int(rng.integers(len(voice)))
        loudness = max(float(voice.std()), 1e-6)
        made += np.resize(np.roll(voice, -start), length) / np.float32(loudness)
    return made


def microphone(deviation_db: float, rng: np.random.Generator) -> Points:
    """The response of some microphone: uneven, more or less thin below and dull above.

    Args:
        deviation_db: of each of its points from what it would be, decibels.
        rng: of everything.
    """
    hz = np.array([50.0, 150.0, 400.0, 1000.0, 2500.0, 4000.0, 5500.0, 8000.0])
    thin = np.array([-36.0, -16.0, -5.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    dull = np.array([0.0, 0.0, 0.0, 0.0, 0.0, -2.0, -6.0, -18.0])
    gains_db = rng.uniform() * thin + rng.uniform() * dull
    gains_db += rng.normal(0, deviation_db, len(hz))
    return list(zip(hz.tolist(), gains_db.tolist(), strict=True))


def band(low_hz: float, high_hz: float) -> Points:
    """The response of a line that carries these frequencies alone."""
    return (
        (low_hz / 1.5, STOP_DB),
        (low_hz, 0.0),
        (high_hz, 0.0),
        (high_hz * 1.2, STOP_DB),
    )


def filtered(samples: Float32, rate: int, points: Points) -> Float32:
    """Samples [shape=(n,)] through a response without phase."""
    # Twice as long: what rings beyond the end must not come back at the start.
    size = 1 << (2 * len(samples) - 1).bit_length()
    octaves = np.log2(np.maximum(np.fft.rfftfreq(size, 1 / rate), 1))
    gains_db = np.interp(octaves, np.log2([hz for hz, _ in points]), [db for _, db in points])
    spectrum = np.fft.rfft(samples, size) * 10 ** (gains_db / 20)
    made: Float32 = np.fft.irfft(spectrum, size)[: len(samples)].astype(np.float32)
    return made


def coloured_noise(length: int, slope: float, rng: np.random.Generator) -> Float32:
    """Noise of unit power [shape=(length,)] whose amplitude falls as frequency**-slope.

    A slope of 0 is white noise, of 0.5 pink noise.
    """
    spectrum = np.fft.rfft(rng.standard_normal(length))
    bins = np.maximum(np.arange(len(spectrum)), 1)
    noise = np.fft.irfft(spectrum * bins**-slope, length)
    scaled: Float32 = (noise / max(float(noise.std()), 1e-9)).astype(np.float32)
    return scaled


def room_response(decay_s: float, rate: int, rng: np.random.Generator) -> Float32:
    """Impulse response of a small room [shape=(n,)]: the direct sound, then decaying noise.

    Args:
        decay_s: seconds in which the reverberation falls by 60 dB.
        rate: hertz.
        rng: of the noise, of the delay and of the share of direct sound.
    """
    length = max(2, round(decay_s * rate))
    tail = rng.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    delay = min(length - 1, round(rng.uniform(0.001, 0.01) * rate))
    tail[:delay] = 0
    direct_db = rng.uniform(0, 12)
    tail *= 10 ** (-direct_db / 20) / np.sqrt(np.sum(tail**2))
    tail[0] = 1
    response: Float32 = (tail / np.sqrt(np.sum(tail**2))).astype(np.float32)
    return response


def _above(samples: Float32, noise: Float32, below_db: float) -> Float32:
    """With noise this far below, both as the power of the whole."""
    power, noise_power = (float(np.mean(each.astype(np.float64) ** 2)) for each in (samples, noise))
    scale = np.sqrt(power / max(noise_power, 1e-12)) * 10 ** (-below_db / 20)
    return samples + np.float32(scale) * noise


def _within(limits: tuple[float, ...], rng: np.random.Generator) -> float:
    low, high = limits
    return float(rng.uniform(low, high))


def convolve(samples: Float32, response: Float32) -> Float32:
    """What is heard of samples through a response, cut to their length [shape=(n,)]."""
    size = 1 << (len(samples) + len(response) - 1).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(response, size)
    convolved: Float32 = np.fft.irfft(spectrum, size)[: len(samples)].astype(np.float32)
    return convolved
