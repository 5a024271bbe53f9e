"""A FIFO into which another program writes raw samples."""

import math
import os
import stat
import threading
from collections.abc import Generator

from moodstream.audio.formats.decoder import Piece
from moodstream.audio.formats.uncompressed.layout import Layout
from moodstream.audio.sources import pipe
from moodstream.audio.sources.input import InputError, Patience


class Fifo:
    """A FIFO, in which a writer may come and go.

    It stays open while its writer is silent, because a writer without a reader would be killed.

    Args:
        path: of the FIFO.
        layout: format of the samples.
    """

    retry_s = (1.0,)

    def __init__(self, path: str, layout: Layout) -> None:
        self.label = f"FIFO {path}"
        self._path, self._layout = path, layout

    def pieces(self, closing: threading.Event) -> Generator[Piece, None, None]:
        """Yield the samples of one writer.

        Raises:
            InputError: the path is not a FIFO, or the writer has closed it.
        """
        try:
            # Otherwise this would wait for a writer, and could not be told to end.
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise InputError((error.strerror or str(error)).lower()) from error
        try:
            if not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                raise InputError("is not a FIFO: make one with mkfifo")
            patience = Patience(math.inf, math.inf)
            yield from pipe.pieces(descriptor, self._layout, closing, patience)
        finally:
            os.close(descriptor)
        if not closing.is_set():
            raise InputError("its writer has closed it")
