"""Window over the last frames of the stream."""

import numpy as np

from moodstream.arrays import Float32


class Window:
    """Last ``length`` frames; full once that many have come without a gap."""

    def __init__(self, length: int, width: int) -> None:
        self.length, self._width = length, width
        self.reset()

    def reset(self) -> None:
        """Empty the window."""
        self._frames = np.zeros((0, self._width), np.float32)
        self.count = 0
        """Frames that have come since the last reset."""

    @property
    def full(self) -> bool:
        """Whether ``length`` frames have come since the last reset."""
        return len(self._frames) == self.length

    def push(self, frames: Float32) -> None:
        """Append frames [shape=(n, width)] and drop the oldest."""
        self._frames = np.concatenate((self._frames, frames))[-self.length :]
        self.count += len(frames)

    def view(self) -> Float32:
        """Return the frames, oldest first [shape=(length, width)].

        A window that is not full repeats its frames, for a recording that ends early.

        Raises:
            ValueError: nothing has been pushed.
        """
        if self.full:
            return self._frames
        filled = len(self._frames)
        if filled == 0:
            raise ValueError("the window is empty")
        repeats = -(-self.length // filled)
        return np.tile(self._frames, (repeats, 1))[-self.length :]
