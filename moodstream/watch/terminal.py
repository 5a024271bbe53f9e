"""A terminal for drawing, restored at the end."""

import os
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l"
"""xterm's control sequences: the alternate screen, no cursor, no wrapping of long lines."""
_LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l"
_HOME, _ERASE_LINE = "\x1b[H", "\x1b[2K"


def usable(stream: TextIO) -> bool:
    """Return whether the stream is a terminal that supports drawing."""
    return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def size(stream: TextIO) -> tuple[int, int]:
    """Return the columns and the lines of a terminal."""
    found = os.get_terminal_size(stream.fileno())
    return found.columns or 80, found.lines or 24


@contextmanager
def drawn_on(stream: TextIO) -> Iterator[Callable[[list[str]], None]]:
    """Yield a function that replaces the lines on the screen; restore the old screen at the end."""

    def show(lines: list[str]) -> None:
        _, height = size(stream)
        # Each line is erased before it is written. After a full line, the cursor is still on the
        # last column, which would be erased.
        rows = [f"{_ERASE_LINE}{line}" for line in [*lines, *[""] * (height - len(lines))]]
        stream.write(_HOME + "\n".join(rows))
        stream.flush()

    with _without_echo():
        stream.write(_ENTER)
        try:
            yield show
        finally:
            with suppress(OSError):  # the terminal itself is gone
                stream.write(_LEAVE)
                stream.flush()


@contextmanager
def _without_echo() -> Iterator[None]:
    """Hide typed characters, and disable Ctrl-Z; Ctrl-C still works."""
    if not (sys.stdin and sys.stdin.isatty()):
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    changed = termios.tcgetattr(sys.stdin)
    changed[3] &= ~termios.ECHO
    changed[6][termios.VSUSP] = b"\0"  # _POSIX_VDISABLE
    termios.tcsetattr(sys.stdin, termios.TCSADRAIN, changed)
    try:
        yield
    finally:
        with suppress(termios.error):
            # Keys typed during the view were not meant for the shell.
            termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, before)
