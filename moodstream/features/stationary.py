"""Does the sound have a course at all? Noise, a hum and a fan have none, and no mood."""

from collections import deque
from typing import NamedTuple

import numpy as np

from moodstream.arrays import Float32, Numbers


class _Sums(NamedTuple):
    """What is kept of the frames of one hop."""

    frames: int
    total: Numbers
    """Of each coefficient [shape=(n_mfcc,)]."""
    square: float
    """Of all coefficients."""


class StationaryGate:
    """Tells hop by hop whether the sound of the last window was stationary.

    The logarithm of the power of stationary noise in a band has a deviation of its own, 5.6 dB for
    a single bin of the spectrum, whatever the level and the colour of the noise (it is that of an
    exponential distribution); a cosine transform keeps it. What is spoken, sung or played deviates
    by more.

    Args:
        deviation: frames that deviate by less than this are stationary: the root mean square over
            the coefficients.
        length: frames of the window.
    """

    def __init__(self, deviation: float, length: int) -> None:
        self._length = length
        self.retune(deviation)
        self.reset()

    def retune(self, deviation: float) -> None:
        """Go by another deviation from now on."""
        self._variance = deviation**2

    def reset(self) -> None:
        """Forget what was heard."""
        self._hops: deque[_Sums] = deque()

    def process(self, frames: Float32) -> bool:
        """Take the MFCC of the next hop, not normalised; is the last window stationary?

        At the beginning, what there is of it is judged.

        Args:
            frames: [shape=(n, n_mfcc), float32]
        """
        wide = frames.astype(np.float64)
        self._hops.append(_Sums(len(wide), wide.sum(axis=0), float(np.vdot(wide, wide))))
        count = sum(hop.frames for hop in self._hops)
        while count - self._hops[0].frames >= self._length:
            count -= self._hops.popleft().frames
        mean = np.sum([hop.total for hop in self._hops], axis=0) / count
        square = sum(hop.square for hop in self._hops) / count
        return bool((square - mean @ mean) / len(mean) < self._variance)
