"""Impulse responses of a small room from its walls. Training augments with another generator."""

from functools import cache

import numpy as np

from moodstream.arrays import Float32

SIZE_M = (4.2, 3.4, 2.5)
REFLECTION = 0.82
"""Share of the amplitude that each wall reflects: a furnished room, 60 dB in about 0.35 s."""
LENGTH_S = 0.35
PLACES = 8
"""Number of places of source and microphone. Each response is computed once."""
SOUND_M_S = 343.0


def response(place: int, rate: int) -> Float32:
    """Return the impulse response from a source to a microphone [shape=(n,)], of unit power.

    Args:
        place: 0 .. :data:`PLACES` - 1.
        rate: hertz.
    """
    return _response(place % PLACES, rate)


@cache
def _response(place: int, rate: int) -> Float32:
    """Compute a response by image sources (Allen & Berkley 1979)."""
    rng = np.random.default_rng(place)
    size_m = np.array(SIZE_M)
    source_m, microphone_m = rng.uniform(0.15, 0.85, (2, 3)) * size_m
    squares, strengths = [], []
    for size, source, microphone in zip(size_m, source_m, microphone_m, strict=True):
        reach = int(np.ceil(LENGTH_S * SOUND_M_S / (2 * size)))
        order = np.arange(-reach, reach + 1)
        away_m = np.concatenate(
            (2 * order * size + source - microphone, 2 * order * size - source - microphone)
        )
        bounces = np.concatenate((abs(2 * order), abs(2 * order - 1)))
        squares.append(away_m**2)
        strengths.append(REFLECTION**bounces)
    x, y, z = np.ix_(*squares)
    distance_m = np.sqrt(x + y + z)
    x, y, z = np.ix_(*strengths)
    strength = x * y * z / np.maximum(distance_m, 0.1)
    arrival_n = np.round(distance_m / SOUND_M_S * rate).astype(int)
    heard = arrival_n < LENGTH_S * rate
    made = np.bincount(arrival_n[heard], strength[heard])[arrival_n.min() :]
    scaled: Float32 = (made / np.sqrt(np.sum(made**2))).astype(np.float32)
    return scaled
