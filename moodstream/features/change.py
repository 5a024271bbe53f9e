"""How much the coefficients of a stream change, over several lags."""

from collections.abc import Sequence

import numpy as np

from moodstream.arrays import Float32, Numbers


class Changes:
    """What each coefficient changes by over each lag, within the last steps of a stream.

    Each frame is compared once with those before it; the squares are kept in sums.

    Args:
        length: steps that are looked back on.
        step_frames: frames of a step.
        n_mfcc: coefficients of a frame.
        lags: in frames.
    """

    def __init__(self, length: int, step_frames: int, n_mfcc: int, lags: Sequence[int]) -> None:
        self._length, self._step_frames, self._n_mfcc = length, step_frames, n_mfcc
        self._lags = np.array(lags, int)[:, None]
        whole, rest = divmod(self._lags, step_frames)
        # Both frames of a change must be among the last steps, which leaves out the changes to
        # the first ``lag`` frames of these. So the sum of each step is in two parts, divided
        # there, and those that are added up in the end begin with the second part of a step.
        second = np.arange(step_frames) >= rest
        self._parts = np.stack((~second, second), axis=1)[:, None].astype(np.float32)
        self._within = (np.arange(2 * length) > 2 * whole)[:, None].astype(np.float32)
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._before = np.zeros((int(self._lags.max(initial=0)), self._n_mfcc), np.float32)
        self._sums = np.zeros((len(self._lags), 0, self._n_mfcc), np.float32)

    def push(self, frames: Float32) -> None:
        """Take the frames of the next steps [shape=(n * step_frames, n_mfcc), float32]."""
        reach = len(self._before)
        stream = np.concatenate((self._before, frames))
        self._before = stream[len(frames) :]
        earlier = stream.take(np.arange(reach, len(stream)) - self._lags, axis=0)
        squares = (frames - earlier) ** 2
        steps = len(frames) // self._step_frames
        by_step = squares.reshape(len(squares), steps, self._step_frames, self._n_mfcc)
        sums = (self._parts @ by_step).reshape(len(squares), 2 * steps, self._n_mfcc)
        self._sums = np.concatenate((self._sums, sums), axis=1)[:, -2 * self._length :]

    def view(self) -> Numbers:
        """Root mean square of the changes, zero for a lag that nothing spans yet.

        Returns:
            [shape=(lags, n_mfcc)]
        """
        parts = self._sums.shape[1]
        sums = (self._within[..., :parts] @ self._sums)[:, 0]
        pairs = parts // 2 * self._step_frames - self._lags
        root: Numbers = np.sqrt(sums / np.maximum(1, pairs))
        return root
