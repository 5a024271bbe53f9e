"""The last frames of the stream."""

import numpy as np

from moodstream.arrays import Float32


class Window:
    """The most recent ``length`` frames; full once that many have come without a gap."""

    def __init__(self, length: int, width: int) -> None:
        self.length = length
        self._frames = np.zeros((length, width), np.float32)
        self.reset()

    def reset(self) -> None:
        """Begin again: the window is empty."""
        self.filled = 0

    @property
    def full(self) -> bool:
        """Whether every frame of the window is of the audio since the last reset."""
        return self.filled == self.length

    def push(self, frames: Float32) -> None:
        """Append frames [shape=(n, width)]; the oldest leave."""
        frames = frames[-self.length :]
        kept = self.length - len(frames)
        self._frames[:kept] = self._frames[len(frames) :].copy()
        self._frames[kept:] = frames
        self.filled = min(self.length, self.filled + len(frames))

    def view(self) -> Float32:
        """The frames, oldest first [shape=(length, width)].

        A window that is not full yet repeats what it has: for a recording that ends early.

        Raises:
            ValueError: nothing has been pushed.
        """
        if self.full:
            return self._frames
        if self.filled == 0:
            raise ValueError("the window is empty")
        repeats = -(-self.length // self.filled)
        return np.tile(self.heard(), (repeats, 1))[-self.length :]

    def heard(self) -> Float32:
        """The frames that have come, oldest first [shape=(filled, width)]."""
        return self._frames[self.length - self.filled :]
