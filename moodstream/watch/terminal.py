"""A terminal that is drawn on, and given back as it was."""

import os
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l"
"""xterm's control sequences: the alternate screen, no cursor, no wrapping of long lines."""
_LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l"
_HOME, _REST_OF_LINE, _REST_OF_SCREEN = "\x1b[H", "\x1b[K", "\x1b[J"


def usable(stream: TextIO) -> bool:
    """Whether it is a terminal that pictures can be drawn on."""
    return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def size(stream: TextIO) -> tuple[int, int]:
    """Columns and lines."""
    found = os.get_terminal_size(stream.fileno())
    return found.columns or 80, found.lines or 24


@contextmanager
def drawn_on(stream: TextIO) -> Iterator[Callable[[list[str]], None]]:
    """Yield what shows lines in place of those before; the screen before comes back at the end."""

    def show(lines: list[str]) -> None:
        body = f"{_REST_OF_LINE}\n".join(lines)
        stream.write(f"{_HOME}{body}{_REST_OF_LINE}{_REST_OF_SCREEN}")
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
    """Typing does not show, Ctrl-Z does not leave the picture behind; Ctrl-C still works."""
    if not sys.stdin.isatty():
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
            # What was typed meanwhile was not meant for the shell.
            termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, before)
