"""A FIFO into which another program writes raw samples."""

import os
import stat
import threading
from collections.abc import Generator
from pathlib import Path

from moodstream.audio.formats.decoder import Piece
from moodstream.audio.formats.uncompressed.layout import Layout
from moodstream.audio.sources import pipe
from moodstream.audio.sources.input import InputError


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
            found = os.fstat(descriptor)
            if not stat.S_ISFIFO(found.st_mode):
                raise InputError("is not a FIFO: make one with mkfifo")
            still = _Presence(self._path, found)
            yield from pipe.pieces(descriptor, self._layout, closing, still)
        finally:
            os.close(descriptor)
        if not closing.is_set():
            raise InputError("its writer has left")


class _Presence:
    """Endless patience with a FIFO for as long as its path leads to it.

    Args:
        path: of the FIFO.
        opened: status of the FIFO that is open.
    """

    def __init__(self, path: str, opened: os.stat_result) -> None:
        self._path, self._opened = path, opened

    def reward(self) -> None:
        """Take that audio came: a writer holds the FIFO, wherever its path leads."""

    def check(self) -> None:
        """Check that a writer who comes now finds this FIFO.

        Raises:
            InputError: it was removed or replaced.
        """
        try:
            is_there = os.path.samestat(Path(self._path).stat(), self._opened)
        except OSError:
            is_there = False
        if not is_there:
            raise InputError("it was removed or replaced")
