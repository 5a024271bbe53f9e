"""Bytes of a file or a pipe, read forwards only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

CHUNK = 1 << 16
"""Bytes that are read at once while skipping."""


class ByteStream:
    """A forward reader with look-ahead, which also works on a pipe.

    Args:
        raw: an open binary file, not buffered.
    """

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._ahead = bytearray()
        self._trial: bytearray | None = None
        self.position = 0
        """Bytes taken so far."""
        self.length = _length(raw)
        """Bytes of the whole file; None for a pipe."""

    def peek(self, count: int) -> bytes:
        """Return the next bytes without consuming them; fewer than asked for only at the end."""
        while len(self._ahead) < count:
            more = self._raw.read(max(count - len(self._ahead), CHUNK))
            if not more:
                break
            self._ahead += more
        return bytes(memoryview(self._ahead)[:count])

    def read(self, count: int) -> bytes:
        """Take the next bytes; fewer than asked for only at the end."""
        if not self._ahead and self._trial is None:
            # Most of a file is read this way, without a copy.
            taken = self._raw.read(count)
            if len(taken) == count:
                self.position += count
                return taken
            self._ahead += taken
        taken = self.peek(count)
        del self._ahead[: len(taken)]
        if self._trial is not None:
            self._trial += taken
        self.position += len(taken)
        return taken

    def skip(self, count: int) -> int:
        """Drop the next bytes and return how many there were."""
        left = count
        while left and (taken := self.read(min(left, CHUNK))):
            left -= len(taken)
        return count - left

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Restore the position if an error leaves this context."""
        self._trial = bytearray()
        try:
            yield
        except BaseException:
            self.position -= len(self._trial)
            self._ahead[:0] = self._trial
            raise
        finally:
            self._trial = None

    def tail(self, count: int) -> bytes:
        """Return the last bytes of a file, none of a pipe; the position stays."""
        if self.length is None:
            return b""
        return os.pread(self._raw.fileno(), count, max(0, self.length - count))

    def at(self, place: int, count: int) -> bytes:
        """Return the bytes at an offset in a file, none of a pipe; the position stays."""
        return b"" if self.length is None else os.pread(self._raw.fileno(), count, place)

    def rewound(self) -> BinaryIO:
        """Return the file itself, at the current position; do not use this reader afterwards."""
        self._raw.seek(self.position)
        return self._raw

    def close(self) -> None:
        """Close the file."""
        self._raw.close()


def _length(raw: BinaryIO) -> int | None:
    with suppress(OSError, ValueError):
        if raw.seekable():
            here = raw.tell()
            length = raw.seek(0, 2)
            raw.seek(here)
            return length
    return None
