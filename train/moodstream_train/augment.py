"""How a clip may have sounded elsewhere: other speeds, rooms and noises."""

import numpy as np
import soxr

from moodstream.arrays import Float32
from moodstream_train.recipe import Variants

VERSION = 1
"""Counts up when the same recipe begins to give other samples: cached features are then stale."""


def vary(samples: Float32, rate: int, recipe: Variants, rng: np.random.Generator) -> Float32:
    """A variant of a clip [shape=(n,), float32] of about its length, at the same rate in hertz."""
    factor = 1 + rng.uniform(-recipe.speed, recipe.speed)
    varied = soxr.resample(samples, rate * factor, rate).astype(np.float32)
    if rng.random() < recipe.reverb_share:
        varied = convolve(varied, room_response(_within(recipe.reverb_s, rng), rate, rng))
    if rng.random() < recipe.noise_share:
        noise = coloured_noise(len(varied), float(rng.choice([0.0, 0.5])), rng)
        below_db = _within(recipe.noise_db, rng)
        level = np.sqrt(np.mean(varied**2)) * 10 ** (-below_db / 20)
        varied += np.float32(level) * noise
    made: Float32 = varied
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


def _within(limits: tuple[float, ...], rng: np.random.Generator) -> float:
    low, high = limits
    return float(rng.uniform(low, high))


def convolve(samples: Float32, response: Float32) -> Float32:
    """What is heard of samples through a response, cut to their length [shape=(n,)]."""
    size = 1 << (len(samples) + len(response) - 1).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(response, size)
    convolved: Float32 = np.fft.irfft(spectrum, size)[: len(samples)].astype(np.float32)
    return convolved
