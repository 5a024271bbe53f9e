"""Hops of one size, cut from blocks of any sizes."""

from collections.abc import Iterator

import numpy as np

from moodstream.arrays import Float32


class Hops:
    """A cutter of streams into hops, the pieces that the pipeline computes at once.

    Args:
        hop_n: samples of a hop, a multiple of ``step_n``.
        step_n: samples of one RNN step; the last hop of a stream is cut to whole steps.
    """

    def __init__(self, hop_n: int, step_n: int) -> None:
        self._hop_n, self._step_n = hop_n, step_n
        self.reset()

    def reset(self) -> None:
        """Drop the samples that do not fill a hop yet."""
        self._rest = np.zeros(0, np.float32)

    def process(self, samples: Float32) -> Iterator[Float32]:
        """Yield the hops that these samples complete [shape=(hop_n,), float32]."""
        stream = np.concatenate((self._rest, samples)) if len(self._rest) else samples
        end = len(stream) - len(stream) % self._hop_n
        self._rest = stream[end:].copy()
        for start in range(0, end, self._hop_n):
            yield stream[start : start + self._hop_n]

    def flush(self) -> Iterator[Float32]:
        """Yield the rest as one shorter hop, if it holds a step."""
        last = self._rest[: len(self._rest) - len(self._rest) % self._step_n]
        self.reset()
        if len(last):
            yield last
