"""Raw samples from a pipe, read with only short waits."""

import os
import select
import threading
from collections.abc import Iterator

from moodstream.audio.formats.decoder import Piece
from moodstream.audio.formats.uncompressed.layout import Layout
from moodstream.audio.formats.uncompressed.pcm import decoded
from moodstream.audio.sources.input import CHECK_S, InputError, Waiting

MOST_BYTES = 1 << 16
"""Bytes of one read: the capacity of a Linux pipe."""


def pieces(
    descriptor: int, layout: Layout, closing: threading.Event, patience: Waiting
) -> Iterator[Piece]:
    """Yield the samples of a pipe until its writer closes it or ``closing`` is set.

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
