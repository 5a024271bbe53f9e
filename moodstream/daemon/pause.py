"""Not listening for a while, because somebody asked for it."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace

from moodstream.audio.chunk import Chunk, Gap
from moodstream.log import get_logger

REPEAT_S = 1.0
"""How often it is said that nothing is listened to."""

log = get_logger()


class Pause:
    """Stands between a source and the pipeline; while it is paused, audio is thrown away unheard.

    The source goes on, so that nothing has to be opened again, and a device that is lost meanwhile
    comes back meanwhile. :meth:`obey` may be called in any thread.
    """

    def __init__(self) -> None:
        self._paused = threading.Event()

    def obey(self, command: bytes) -> None:
        """Do what a message asks for: ``pause`` or ``resume``, and not a byte more."""
        if command == b"pause":
            self._paused.set()
        elif command == b"resume":
            self._paused.clear()
        else:
            log.warning("unknown command, expected pause or resume", found=repr(command[:40]))

    def process(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """Yield the chunks, or gaps in their place."""
        was_paused = False
        unsaid_s = 0.0
        for chunk in chunks:
            if self._paused.is_set():
                length_n = chunk.length_n if isinstance(chunk, Gap) else len(chunk.samples)
                unsaid_s += length_n / chunk.rate
                if isinstance(chunk, Gap) or not was_paused or unsaid_s >= REPEAT_S:
                    yield Gap(round(unsaid_s * chunk.rate), chunk.rate, paused=True)
                    unsaid_s = 0.0
                was_paused = True
                continue
            unsaid_n = round(unsaid_s * chunk.rate)
            if isinstance(chunk, Gap):
                yield replace(chunk, length_n=chunk.length_n + unsaid_n)
            else:
                if was_paused:
                    yield Gap(unsaid_n, chunk.rate)
                yield chunk
            was_paused, unsaid_s = False, 0.0
