"""Encoded bytes as files that libsndfile reads only forwards."""

import io
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

KEPT_BYTES = 1 << 20
"""Bytes behind the reading position that libsndfile may go back to."""


class PipeFeed:
    """A pipe that a thread fills. A pipe has no length, so libsndfile cannot rely on one.

    Args:
        data: bytes for it.
    """

    def __init__(self, data: Iterator[bytes]) -> None:
        self._data = data
        self.file, self._write_fd = os.pipe()
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._fill, name="demuxer", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Wait for the thread.

        Raises:
            OSError: the bytes could not be read.
        """
        # The reader of standard output may have closed it. When the interpreter ends, Python 3.13
        # stops all threads, and join would wait forever.
        if sys.is_finalizing():
            return
        self._thread.join()
        if self._error:
            raise self._error

    def _fill(self) -> None:
        try:
            for data in self._data:
                rest = memoryview(data)
                while rest:
                    try:
                        rest = rest[os.write(self._write_fd, rest) :]
                    except BrokenPipeError:
                        return
        except OSError as error:
            self._error = error
        finally:
            os.close(self._write_fd)


class RewindableFeed(io.RawIOBase):
    """A file of unknown length that keeps its last megabyte.

    Args:
        data: bytes of it.
    """

    def __init__(self, data: Iterator[bytes]) -> None:
        self.file = self
        self._data = data
        self._kept = bytearray()
        self._kept_from = 0
        self._at = 0
        self._error: OSError | None = None

    def end(self) -> None:
        """Raise an error that occurred where it could not be raised.

        Raises:
            OSError: the bytes could not be read.
        """
        if self._error:
            raise self._error

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to a position; the end is far beyond any file."""
        self._at = (0, self._at, 1 << 48)[whence] + offset
        return self._at

    def tell(self) -> int:
        """Return the place."""
        return self._at

    def write(self, _: Any) -> int:
        """Write nothing."""
        return 0

    def readinto(self, into: Any) -> int:
        """Read the next bytes and return how many there are; fewer than asked for at the end."""
        begin = self._at - self._kept_from
        while begin + len(into) > len(self._kept):
            data = b""
            with suppress(StopIteration):
                try:
                    data = next(self._data)
                except OSError as error:  # a C callback must not raise
                    self._error = error
            if not data:
                break
            self._kept += data
        found = self._kept[begin : begin + len(into)] if begin >= 0 else b""
        into[: len(found)] = found
        self._at += len(found)
        if (too_many := len(self._kept) - 2 * KEPT_BYTES) > 0:
            del self._kept[: too_many + KEPT_BYTES]
            self._kept_from += too_many + KEPT_BYTES
        return len(found)
