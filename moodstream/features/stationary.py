"""Gate for stationary sound, such as noise, a hum or a fan, which has no mood."""

from collections import deque

import numpy as np

from moodstream.arrays import Float32, Numbers


class StationaryGate:
    """Gate that judges hop by hop whether the sound of the last window was stationary.

    The log power of stationary noise in a band has a fixed deviation: 5.6 dB for a single bin of
    the spectrum, whatever the level and the colour of the noise (its power has an exponential
    distribution). A cosine transform preserves it. Speech and music deviate by more.

    Args:
        deviation: threshold of the root mean square over the coefficients; frames that deviate by
            less are stationary.
        length: frames of the window.
    """

    def __init__(self, deviation: float, length: int) -> None:
        self._length = length
        self.retune(deviation)
        self.reset()

    def retune(self, deviation: float) -> None:
        """Use another threshold from now on."""
        self._variance = deviation**2

    def reset(self) -> None:
        """Forget what was heard."""
        self._frames = 0  # of all hops that are kept
        self._hops: deque[tuple[int, float]] = deque()  # frames, and the sum of their squares
        self._totals: Numbers | None = None  # sums of the coefficients [shape=(hops, n_mfcc)]

    def process(self, frames: Float32) -> bool:
        """Process the next hop's MFCC, not normalised; return whether the window is stationary.

        A window that is not full yet is judged by the frames in it.

        Args:
            frames: coefficients [shape=(n, n_mfcc), float32]
        """
        wide = frames.astype(np.float64)
        self._hops.append((len(wide), float(np.vdot(wide, wide))))
        self._frames += len(wide)
        totals = np.add.reduce(wide, axis=0, keepdims=True)
        if self._totals is not None:
            totals = np.concatenate((self._totals, totals))
        while self._frames - self._hops[0][0] >= self._length:
            self._frames -= self._hops.popleft()[0]
        self._totals = totals[-len(self._hops) :]
        total = np.add.reduce(self._totals, axis=0)
        square = sum([square for _, square in self._hops]) / self._frames
        square_of_mean = float(np.vdot(total, total)) / self._frames**2
        return (square - square_of_mean) / len(total) < self._variance
