"""Raw samples from a pipe, read without ever waiting for long."""

import os
import select
import threading
import time
from collections.abc import Iterator

from moodstream.audio.formats.decoder import Piece
from moodstream.audio.formats.pcm import Layout, decoded
from moodstream.audio.sources.input import CHECK_S, InputError

MOST_BYTES = 1 << 16
"""Bytes of one read: those that a pipe of Linux holds."""


class Patience:
    """The longest waits for audio.

    Args:
        first_s: seconds until the first audio.
        more_s: seconds until more audio.
    """

    def __init__(self, first_s: float, more_s: float) -> None:
        self._more_s = more_s
        self._allowed_s = first_s
        self._since_s = time.monotonic()

    def reward(self) -> None:
        """Begin to wait anew, as audio came."""
        self._since_s, self._allowed_s = time.monotonic(), self._more_s

    def check(self) -> None:
        """Check the time.

        Raises:
            InputError: nothing came for too long.
        """
        if time.monotonic() - self._since_s > self._allowed_s:
            raise InputError(f"nothing came for {self._allowed_s:g} s")


def pieces(
    descriptor: int, layout: Layout, closing: threading.Event, patience: Patience
) -> Iterator[Piece]:
    """Yield the samples of a pipe until its writer has left or ``closing`` is set.

    Args:
        descriptor: of the pipe.
        layout: form of the samples.
        closing: ends this within a fraction of a second.
        patience: bounds the waits.

    Raises:
        InputError: nothing came for too long, or the pipe cannot be read.
    """
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    rest = b""
    while not closing.is_set():
        if not poll.poll(CHECK_S * 1000):
            patience.check()
            continue
        try:
            data = os.read(descriptor, MOST_BYTES)
        except BlockingIOError:
            continue
        except OSError as error:
            raise InputError((error.strerror or str(error)).lower()) from error
        if not data:
            return
        patience.reward()
        data = rest + data
        whole_n = len(data) - len(data) % layout.frame
        rest = data[whole_n:]
        if whole_n:
            yield Piece(decoded(data[:whole_n], layout), layout.rate)
