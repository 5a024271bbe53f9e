"""An open input, and the thread that reads it."""

import threading
import time
from contextlib import closing

import numpy as np

from moodstream.arrays import Float32
from moodstream.audio.channels import Mix
from moodstream.audio.chunk import Block
from moodstream.audio.file import RATES
from moodstream.audio.formats.decoder import Piece
from moodstream.audio.sources.address import redacted
from moodstream.audio.sources.feed import Feed
from moodstream.audio.sources.input import Input, InputError
from moodstream.audio.sources.pace import Pace
from moodstream.log import thread

BLOCK_S = 0.25
"""Seconds of a block: a fraction of the hop, as waking up costs more than the work."""
CLOSE_S = 1.2
"""Seconds in which a reader ends when it is asked to."""


class Reception:
    """A thread that reads an input into a feed, hardly faster than real time.

    Args:
        source: is opened and read.
        buffer_s: seconds of audio kept while the pipeline is late; half of them may come at once.
        channels: numbers of the channels to use, from 0; none for all.
    """

    def __init__(self, source: Input, buffer_s: float, channels: tuple[int, ...] = ()) -> None:
        self._source, self._channels = source, channels
        self.feed = Feed(buffer_s)
        self.error = ""
        """Reason why the input has ended, empty while it is open."""
        self._pace = Pace(buffer_s / 2)
        self._mix: Mix | None = None
        self._parts: list[Float32] = []
        self._rate = 0
        self._closing = threading.Event()
        self._thread = thread(self._read, "reception")
        self._thread.start()

    def close(self, within_s: float = CLOSE_S) -> None:
        """End the input. A reader that waits for the network ends by itself, later."""
        self._closing.set()
        self._thread.join(within_s)

    def _read(self) -> None:
        try:
            with closing(self._source.pieces(self._closing)) as pieces:
                for piece in pieces:
                    self._take(piece)
                    wait_s = self._pace.process(len(piece.samples) / piece.rate, time.monotonic())
                    if wait_s and self._closing.wait(wait_s):
                        break
            reason = "it has ended"
        except InputError as error:
            reason = str(error)
        except Exception as error:  # noqa: BLE001 - one strange stream must not end the others
            reason = redacted(f"{type(error).__name__}: {error}")
        self._write()
        self.error = reason

    def _take(self, piece: Piece) -> None:
        form = piece.samples.shape[1], piece.rate
        if self._mix is None or self._mix.form != form:
            self._write()
            self._mix = self._fitting(*form)
            self._rate = piece.rate
        self._parts.append(self._mix.process(piece.samples))
        if sum(map(len, self._parts)) >= BLOCK_S * self._rate:
            self._write()

    def _fitting(self, channels: int, rate: int) -> Mix:
        if rate not in RATES:
            raise InputError(f"a sample rate of {rate} Hz is not audio")
        if missing := [number for number in self._channels if number >= channels]:
            raise InputError(f"it has no channel {missing[0]}, only {channels}, counted from 0")
        return Mix(channels, rate, self._channels)

    def _write(self) -> None:
        if self._parts:
            self.feed.write(Block(np.concatenate(self._parts), self._rate))
            self._parts = []
