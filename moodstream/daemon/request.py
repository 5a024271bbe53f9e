"""Request made by a signal handler and taken by the daemon's loop."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Request:
    """A flag without a lock.

    A handler may interrupt itself. If it set a threading.Event, it would wait forever for the
    event's lock, which the interrupted handler holds.
    """

    def __init__(self) -> None:
        self._is_made = False

    def make(self) -> None:
        """Make the request; repeating it before it was taken changes nothing."""
        self._is_made = True

    def take(self) -> bool:
        """Return whether it was made since it was last taken."""
        if not self._is_made:
            return False
        # A request after this point is a new one, because the work starts only after it.
        self._is_made = False
        return True


@contextmanager
def requested_by_signal() -> Iterator[Request]:
    """Yield a request that SIGHUP makes. On a terminal, SIGHUP still means that it was closed."""
    request = Request()
    if sys.stdin and sys.stdin.isatty():
        yield request
        return
    before = signal.signal(signal.SIGHUP, lambda *_: request.make())
    try:
        yield request
    finally:
        signal.signal(signal.SIGHUP, before)
