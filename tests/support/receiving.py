"""Chunks of a source, gathered in a thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import numpy as np

from moodstream.arrays import Float32
from moodstream.audio.chunk import Block, Chunk, Gap


class Source(Protocol):
    def chunks(self, stop: threading.Event) -> Iterator[Chunk]: ...


class Gathered:
    """What has come so far."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []

    @property
    def samples(self) -> Float32:
        blocks = [chunk.samples for chunk in self.chunks if isinstance(chunk, Block)]
        return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)

    @property
    def is_lost(self) -> bool:
        return bool(self.chunks) and self.chunks[-1] == Gap(0, self.chunks[-1].rate, True)


@contextmanager
def gathering(source: Source) -> Iterator[Gathered]:
    """Listen to a source meanwhile; it must end within seconds."""
    stop, gathered = threading.Event(), Gathered()

    def listen() -> None:
        for chunk in source.chunks(stop):
            gathered.chunks.append(chunk)

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield gathered
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()
