"""Sounds by formula."""

import numpy as np

from moodstream.arrays import Float32


def glide(seconds: float, rate: int = 16000) -> Float32:
    """A tone with vibrato, as it is sung; its level never changes."""
    t = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * 200 * t + 3 * np.sin(2 * np.pi * 5 * t)
    return (0.1 * sum(np.sin(k * phase) / k for k in range(1, 9))).astype(np.float32)


def noise(seconds: float, rate: int = 16000, level: float = 0.1) -> Float32:
    return (np.random.default_rng(1).standard_normal(round(seconds * rate)) * level).astype("f")
