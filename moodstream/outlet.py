"""Standard output and standard error that never block the program."""

import atexit
import io
import os
import sys
import threading
import time
from collections import deque
from typing import TextIO

WAITING_BYTES = 1 << 18
"""Text kept for a slow reader, enough for minutes of states or hours of events."""
PATIENCE_S = 0.05
"""Longest wait for one write while the reader keeps up, so that logs keep their order."""
FAREWELL_S = 0.5
"""Longest wait at the end of the process for text that is still kept."""


class Outlet(io.TextIOBase):
    """A text stream that never fails and never blocks for long.

    A thread writes to the descriptor. If its reader is slow, stopped or gone, or its disk is full,
    whole texts are dropped, the newest first, and counted. After a line that was cut short, the
    next text starts on a new line.

    Args:
        descriptor: file descriptor, which the outlet duplicates.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = os.dup(descriptor)
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_late = False  # the reader has not kept up
        self._is_cut = False  # the last line that reached the descriptor has no end
        self.dropped = 0
        """Texts that could not be written."""

    def fileno(self) -> int:
        """Return the outlet's own descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """Return whether this is a terminal."""
        return os.isatty(self._descriptor)

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Write the text, or drop it; return its length in either case."""
        content = text.encode(errors="replace")
        with self._news:
            if self._thread is None:
                self._start()
            if self._waiting_bytes + len(content) > WAITING_BYTES:
                self.dropped += 1
                return len(text)
            self._waiting.append(content)
            self._waiting_bytes += len(content)
            self._news.notify_all()
        if not self._is_late:
            self._is_late = not self.drain(PATIENCE_S)
        return len(text)

    def flush(self) -> None:
        """Return immediately, because each text is passed on as it comes."""

    def drain(self, within_s: float) -> bool:
        """Wait until everything is written or dropped; return whether it was in time."""
        with self._news:
            return self._news.wait_for(lambda: not self._waiting, within_s)

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._work, name="outlet", daemon=True)
        self._thread.start()
        atexit.register(self.drain, FAREWELL_S)

    def _work(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._waiting)
                content = self._waiting[0]
            is_written = self._pass_on(content)
            with self._news:
                self._waiting.popleft()
                self._waiting_bytes -= len(content)
                self.dropped += not is_written
                if not self._waiting:
                    self._is_late = False
                self._news.notify_all()

    def _pass_on(self, content: bytes) -> bool:
        """Write all of it, however long that takes; return whether it succeeded."""
        left = b"\n" + content if self._is_cut else content
        while left:
            try:
                written_n = os.write(self._descriptor, left)
            except BlockingIOError:  # another program on this terminal made it non-blocking
                time.sleep(PATIENCE_S)
                continue
            except OSError:
                return False
            self._is_cut = not left[:written_n].endswith(b"\n")
            left = left[written_n:]
        return True


def lead_nowhere(stream: TextIO) -> None:
    """Redirect a failed stream, with its unwritten text, to /dev/null.

    Otherwise Python would flush it at the end, and complain.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def open_standard_streams() -> None:
    """Open /dev/null in place of closed standard input, output and error.

    Otherwise a socket or a journal would get their numbers, and would receive the output of
    libraries.
    """
    for descriptor, mode in enumerate("rww"):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
            name = ("stdin", "stdout", "stderr")[descriptor]
            setattr(sys, name, os.fdopen(descriptor, mode, closefd=False))
