"""Changes of the coefficients of a stream, over several lags."""

from collections.abc import Sequence

import numpy as np

from moodstream.arrays import Float32
from moodstream.features.recent import Recent


class Changes:
    """Changes of each coefficient over each lag, within the last steps of a stream.

    Each frame is compared once with the frames before it. The squares of the changes are summed for
    each step.

    Args:
        length: number of steps that the changes cover.
        step_frames: frames of a step.
        n_mfcc: coefficients of a frame.
        lags: distances between the frames that are compared, in frames.
    """

    def __init__(self, length: int, step_frames: int, n_mfcc: int, lags: Sequence[int]) -> None:
        self._step_frames, self._n_mfcc = step_frames, n_mfcc
        self._lags = np.array(lags, int)[:, None]
        whole, rest = divmod(self._lags, step_frames)
        # Both frames of a change must lie within the last steps, so the first ``lag`` frames of
        # these have none. The sum of each step is kept in two parts, divided at that frame. The
        # sum over the last steps then begins with the second part of a step.
        second = np.arange(step_frames) >= rest
        self._parts = np.stack((~second, second), axis=1)[:, None].astype(np.float32)
        self._within = (np.arange(2 * length) > 2 * whole)[:, None].astype(np.float32)
        self._sums = Recent(2 * length, (len(self._lags), n_mfcc), np.float32)
        self._reach = int(self._lags.max(initial=0))
        self._count = self._places_n = -1
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._before = np.zeros((self._reach, self._n_mfcc), np.float32)
        self._sums.reset()

    def push(self, frames: Float32) -> None:
        """Add the frames of the next steps [shape=(n * step_frames, n_mfcc), float32]."""
        stream = np.concatenate((self._before, frames))
        self._before = stream[len(frames) :]
        if len(frames) != self._places_n:
            self._places_n = len(frames)
            self._places = np.arange(self._reach, len(stream)) - self._lags
        squares = stream.take(self._places, axis=0)
        np.subtract(frames, squares, out=squares)
        np.square(squares, out=squares)
        steps = len(frames) // self._step_frames
        by_step = squares.reshape(len(squares), steps, self._step_frames, self._n_mfcc)
        sums = (self._parts @ by_step).reshape(len(squares), 2 * steps, self._n_mfcc)
        self._sums.push(sums.transpose(1, 0, 2))

    def view(self) -> Float32:
        """Return the root mean square of the changes; zero for a lag longer than the stream.

        Returns:
            [shape=(lags, n_mfcc)]
        """
        parts = len(self._sums)
        if parts != self._count:
            self._count = parts
            pairs = np.maximum(1, parts // 2 * self._step_frames - self._lags)
            self._weights = self._within[..., :parts] / pairs[..., None].astype(np.float32)
        squares = (self._weights @ self._sums.view().transpose(1, 0, 2))[:, 0]
        root: Float32 = np.sqrt(squares, out=squares)
        return root
