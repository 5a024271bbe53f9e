"""Changes of the coefficients of a stream, over several lags."""

from collections.abc import Sequence

import numpy as np

from moodstream.arrays import Float32, Numbers


class Changes:
    """Changes of each coefficient over each lag, within the last steps of a stream.

    Each frame is compared once with the frames before it. The squares of the changes are kept as
    sums of each step.

    Args:
        length: steps that the changes reach back.
        step_frames: frames of a step.
        n_mfcc: coefficients of a frame.
        lags: distances between the frames that are compared, in frames.
    """

    def __init__(self, length: int, step_frames: int, n_mfcc: int, lags: Sequence[int]) -> None:
        self._length, self._step_frames, self._n_mfcc = length, step_frames, n_mfcc
        self._lags = np.array(lags, int)[:, None]
        whole, rest = divmod(self._lags, step_frames)
        # Both frames of a change must lie within the last steps, so the first ``lag`` frames of
        # these have none. The sum of each step is kept in two parts, divided at that frame. The
        # sum over the last steps then begins with the second part of a step.
        second = np.arange(step_frames) >= rest
        self._parts = np.stack((~second, second), axis=1)[:, None].astype(np.float32)
        self._within = (np.arange(2 * length) > 2 * whole)[:, None].astype(np.float32)
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._before = np.zeros((int(self._lags.max(initial=0)), self._n_mfcc), np.float32)
        self._sums = np.zeros((len(self._lags), 0, self._n_mfcc), np.float32)

    def push(self, frames: Float32) -> None:
        """Add the frames of the next steps [shape=(n * step_frames, n_mfcc), float32]."""
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
        """Return the root mean square of the changes; zero for a lag longer than the stream.

        Returns:
            [shape=(lags, n_mfcc)]
        """
        parts = self._sums.shape[1]
        sums = (self._within[..., :parts] @ self._sums)[:, 0]
        pairs = parts // 2 * self._step_frames - self._lags
        root: Numbers = np.sqrt(sums / np.maximum(1, pairs))
        return root
