"""Interface of an input: something that can be opened, read to its end, and opened again."""

import threading
import time
from collections.abc import Generator
from typing import Protocol

from moodstream.audio.formats.decoder import Piece

START_S = 20.0
"""Longest wait for the first audio of a command or a URL, seconds."""
STALL_S = 10.0
"""Longest wait for more audio before a command or a URL is opened again, seconds."""
CHECK_S = 0.25
"""Seconds between two checks whether an input must end."""
RETRY_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between attempts to open an input; the last wait is repeated."""


class InputError(Exception):
    """An input that cannot be opened or has ended; the message contains no secret."""


class Waiting(Protocol):
    """Bound of the time without audio."""

    def reward(self) -> None:
        """Take that audio came."""

    def check(self) -> None:
        """Check whether to wait on.

        Raises:
            InputError: there is nothing to wait for.
        """


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
        """Restart the wait, because audio came."""
        self._since_s, self._allowed_s = time.monotonic(), self._more_s

    def check(self) -> None:
        """Check the time.

        Raises:
            InputError: nothing came for too long.
        """
        if time.monotonic() - self._since_s > self._allowed_s:
            raise InputError(f"no audio came for {self._allowed_s:g} s")


class Input(Protocol):
    """Opener of an input."""

    label: str
    """Name for logs, without logins."""

    @property
    def retry_s(self) -> tuple[float, ...]:
        """Seconds between attempts to open it; the last wait is repeated."""

    def pieces(self, closing: threading.Event) -> Generator[Piece, None, None]:
        """Open the input, and yield its audio until it ends or ``closing`` is set.

        Raises:
            InputError: the input cannot be opened, has stalled or has ended with an error.
        """
