"""A pause in listening, on request."""

import threading
from collections.abc import Iterator
from dataclasses import replace

from moodstream.audio.chunk import Chunk, Gap
from moodstream.log import Seldom

REPEAT_S = 1.0
"""Seconds between two gaps while listening is paused."""


class Pause:
    """Switch between a source and the pipeline, which discards audio while paused.

    The source keeps running, so nothing has to be opened again, and a device that is lost during
    the pause can also return during the pause. :meth:`obey` may be called from any thread.
    """

    def __init__(self) -> None:
        self._paused = threading.Event()
        self._was_paused = False
        self._unsaid_s = 0.0
        self._seldom = Seldom()

    def obey(self, command: bytes) -> None:
        """Obey a message: exactly ``pause`` or ``resume``."""
        if command == b"pause":
            self._paused.set()
        elif command == b"resume":
            self._paused.clear()
        else:
            self._seldom.warning(
                "unknown command, expected pause or resume", found=repr(command[:40])
            )

    def process(self, chunk: Chunk) -> Iterator[Chunk]:
        """Yield the chunk, or while paused an occasional gap in place of several chunks."""
        if self._paused.is_set():
            length_n = chunk.length_n if isinstance(chunk, Gap) else len(chunk.samples)
            self._unsaid_s += length_n / chunk.rate
            is_due = not self._was_paused or self._unsaid_s >= REPEAT_S
            if isinstance(chunk, Gap) or is_due:
                yield Gap(round(self._unsaid_s * chunk.rate), chunk.rate, paused=True)
                self._unsaid_s = 0.0
            self._was_paused = True
            return
        unsaid_n = round(self._unsaid_s * chunk.rate)
        if isinstance(chunk, Gap):
            yield replace(chunk, length_n=chunk.length_n + unsaid_n)
        else:
            if self._was_paused:
                yield Gap(unsaid_n, chunk.rate)
            yield chunk
        self._was_paused, self._unsaid_s = False, 0.0
