"""Sounds by formula."""

import numpy as np

from moodstream.arrays import Float32


def glide(seconds: float, rate: int = 16000) -> Float32:
    """A tone with vibrato, as it is sung; its level never changes."""
    t = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * 200 * t + 3 * np.sin(2 * np.pi * 5 * t)
    return (0.1 * sum(np.sin(k * phase) / k for k in range(1, 9))).astype(np.float32)


def tune(seconds: float, rate: int = 16000) -> Float32:
    """Plucked chords, two a second: music, whatever encodes it."""
    t = np.arange(round(seconds * rate)) / rate
    beat = (2 * t).astype(np.int64)
    since_s = t - beat / 2
    samples = np.zeros_like(t)
    for number, chord in enumerate(((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7))):
        for semitones in chord:
            phase = 2 * np.pi * 220 * 2 ** (semitones / 12) * t
            tone = sum(np.sin(k * phase) / k for k in range(1, 7))
            samples += (beat // 2 % 4 == number) * tone
    envelope = np.exp(-3 * since_s) * (1 - np.exp(-200 * since_s))
    return (0.07 * envelope * samples).astype(np.float32)


def noise(seconds: float, rate: int = 16000, level: float = 0.1) -> Float32:
    return (np.random.default_rng(1).standard_normal(round(seconds * rate)) * level).astype("f")
