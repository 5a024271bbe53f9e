"""A ring buffer between the capture thread, which must never wait, and the pipeline."""

import threading
from collections import deque

import numpy as np

from moodstream.arrays import Float32
from moodstream.audio.chunk import Block, Chunk, Gap


class Ring:
    """The last ``capacity_n`` samples; samples that the reader misses become a gap.

    One thread writes, another reads. The writer waits only while a few samples are copied.
    """

    def __init__(self, capacity_n: int, rate: int) -> None:
        self._samples = np.zeros(capacity_n, np.float32)
        self._rate = rate
        self._written_n = 0
        self._read_n = 0
        self._gaps: deque[tuple[int, int]] = deque()  # (before which sample, samples lost)
        self._news = threading.Condition()
        self.lost_n = 0
        """Total number of samples lost."""

    def write(self, samples: Float32) -> None:
        """Append samples [shape=(n,), float32]; the oldest unread ones are lost if full."""
        capacity_n = len(self._samples)
        with self._news:
            start_n, self._written_n = self._written_n, self._written_n + len(samples)
            kept = samples[-capacity_n:]
            at = (start_n + len(samples) - len(kept)) % capacity_n
            head = kept[: capacity_n - at]
            self._samples[at : at + len(head)] = head
            self._samples[: len(kept) - len(head)] = kept[len(head) :]
            self._drop_unread(self._written_n - capacity_n)
            self._news.notify()

    def lose(self, length_n: int) -> None:
        """Note that samples were lost before they could be written."""
        with self._news:
            self.lost_n += length_n
            if self._gaps and self._gaps[-1][0] == self._written_n:
                length_n += self._gaps.pop()[1]
            self._gaps.append((self._written_n, length_n))
            self._news.notify()

    def read(self, timeout_s: float) -> Chunk | None:
        """Return the samples up to the next gap, or the gap; None if nothing came in time."""
        with self._news:
            self._news.wait_for(lambda: self._gaps or self._written_n > self._read_n, timeout_s)
            if self._gaps and self._gaps[0][0] == self._read_n:
                return Gap(self._gaps.popleft()[1], self._rate)
            end_n = self._gaps[0][0] if self._gaps else self._written_n
            if end_n == self._read_n:
                return None
            begin, end = self._read_n % len(self._samples), end_n % len(self._samples)
            self._read_n = end_n
            if begin < end:
                return Block(self._samples[begin:end].copy(), self._rate)
            return Block(np.concatenate((self._samples[begin:], self._samples[:end])), self._rate)

    def _drop_unread(self, before_n: int) -> None:
        """Drop the unread samples before this one, and merge the gaps among them."""
        if before_n <= self._read_n:
            return
        dropped_n = before_n - self._read_n
        self.lost_n += dropped_n
        while self._gaps and self._gaps[0][0] <= before_n:
            dropped_n += self._gaps.popleft()[1]
        self._gaps.appendleft((before_n, dropped_n))
        self._read_n = before_n
