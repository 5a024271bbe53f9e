"""Window over the last frames of the stream."""

import numpy as np

from moodstream.arrays import Float32
from moodstream.features.recent import Recent


class Window:
    """Last ``length`` frames; full once that many frames have come without a gap."""

    def __init__(self, length: int, width: int) -> None:
        self.length = length
        self._frames = Recent(length, (width,), np.float32)
        self.reset()

    def reset(self) -> None:
        """Empty the window."""
        self._frames.reset()
        self.count = 0
        """Frames that have come since the last reset."""

    @property
    def full(self) -> bool:
        """Whether ``length`` frames have come since the last reset."""
        return len(self._frames) == self.length

    def push(self, frames: Float32) -> None:
        """Append frames [shape=(n, width)] and drop the oldest."""
        self._frames.push(frames)
        self.count += len(frames)

    def view(self) -> Float32:
        """Return the frames, oldest first [shape=(length, width)]; the next push overwrites them.

        A window that is not full repeats its frames, for a recording that ends early.

        Raises:
            ValueError: nothing has been pushed.
        """
        frames = self._frames.view()
        if self.full:
            return frames
        if not len(frames):
            raise ValueError("the window is empty")
        repeats = -(-self.length // len(frames))
        return np.tile(frames, (repeats, 1))[-self.length :]
