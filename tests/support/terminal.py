"""A command on a pseudo-terminal, and what it shows."""

import codecs
import os
import pty
import re
import struct
import subprocess
import termios
import threading
from contextlib import contextmanager, suppress
from fcntl import ioctl

from moodstream.text import cells
from tests.support.program import MOODSTREAM, program


class Watched:
    """A command, `moodstream watch` by default, on a terminal of its own."""

    def __init__(
        self, columns, lines, *arguments, command="watch", encoding="utf-8", **environment
    ):
        self._encoding = encoding
        self.master, self.slave = pty.openpty()
        self.resize(columns, lines)
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(
            # Ctrl-C reaches those whose terminal it is.
            [program("setsid"), "--ctty", *MOODSTREAM, command, *arguments],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env={**os.environ, "TERM": "xterm-256color", **environment},
        )
        self.written = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        decoder = codecs.getincrementaldecoder(self._encoding)()
        with suppress(OSError):  # closed
            while part := os.read(self.master, 1 << 16):
                self.written += decoder.decode(part)

    def resize(self, columns, lines):
        self._size = columns, lines
        ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def type(self, text):
        os.write(self.master, text)

    @property
    def picture(self):
        """The rows of the last whole picture, as a terminal shows them."""
        *_, last, _ = ["", "", *self.written.split("\x1b[H")]
        return shown_on(last, *self._size)

    def shows(self, text):
        return text in "\n".join(self.picture)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.slave)
        self._reader.join()
        os.close(self.master)


@contextmanager
def watching(columns, lines, *arguments, **environment):
    watched = Watched(columns, lines, *arguments, **environment)
    try:
        yield watched
    finally:
        watched.close()
        assert "Traceback" not in watched.written


def shown_on(written, columns, lines):
    """The rows of a terminal, from its upper left corner on, after that was written.

    As on a real one, the cursor stays on the last column after that was filled.
    """
    rows = [[" "] * columns for _ in range(lines)]
    row = column = 0
    for part in re.findall(r"\x1b\[[0-9;?]*[A-Za-z]|\r\n|\r|.", written, re.DOTALL):
        if part == "\r\n":
            row, column = min(row + 1, lines - 1), 0
        elif part == "\r":
            column = 0
        elif part == "\x1b[2K":
            rows[row] = [" "] * columns
        elif part == "\x1b[K":
            rows[row][min(column, columns - 1) :] = " " * (columns - min(column, columns - 1))
        elif part == "\x1b[J":
            rows[row][min(column, columns - 1) :] = " " * (columns - min(column, columns - 1))
            rows[row + 1 :] = [[" "] * columns for _ in rows[row + 1 :]]
        elif not part.startswith("\x1b"):
            width = cells(part)
            rows[row][min(column, columns - width)] = part
            if width == 2:
                rows[row][min(column, columns - 2) + 1] = ""
            column += width
    return ["".join(one).rstrip() for one in rows]
