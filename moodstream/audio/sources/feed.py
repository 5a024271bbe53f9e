"""Blocks on their way from a reader to the pipeline."""

import threading
from collections import deque

from moodstream.audio.chunk import Block, Chunk, Gap


class Feed:
    """Waiting blocks; the oldest become a gap if the pipeline is too late.

    One thread writes, another reads. Unlike a ring, it uses memory only for waiting blocks, and the
    sample rate may change from block to block.

    Args:
        capacity_s: length of the audio that may wait, seconds.
    """

    def __init__(self, capacity_s: float) -> None:
        self._capacity_s = capacity_s
        self._waiting: deque[Block] = deque()
        self._waiting_s = 0.0
        self._missed: Gap | None = None  # before the oldest block
        self._news = threading.Condition()
        self.lost_n = 0
        """Total number of samples lost."""

    def write(self, block: Block) -> None:
        """Append a block, without waiting."""
        with self._news:
            self._waiting.append(block)
            self._waiting_s += len(block.samples) / block.rate
            while self._waiting_s > self._capacity_s and len(self._waiting) > 1:
                self._drop(self._waiting.popleft())
            self._news.notify()

    def read(self, timeout_s: float) -> Chunk | None:
        """Return the next block, or the gap before it; None if nothing came in time."""
        with self._news:
            self._news.wait_for(lambda: self._waiting, timeout_s)
            if self._missed:
                missed, self._missed = self._missed, None
                return missed
            if not self._waiting:
                return None
            block = self._waiting.popleft()
            self._waiting_s -= len(block.samples) / block.rate
            return block

    def _drop(self, block: Block) -> None:
        length_n = len(block.samples)
        self._waiting_s -= length_n / block.rate
        self.lost_n += length_n
        before_s = self._missed.length_n / self._missed.rate if self._missed else 0.0
        self._missed = Gap(round(before_s * block.rate) + length_n, block.rate)
