"""Request that a signal handler makes and the daemon's loop takes."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Request:
    """A flag without a lock.

    A handler may interrupt itself, and one that sets a threading.Event then waits for ever for
    the lock of that event, which the interrupted one holds.
    """

    def __init__(self) -> None:
        self._is_made = False

    def make(self) -> None:
        """Ask; asking again before it was taken changes nothing."""
        self._is_made = True

    def take(self) -> bool:
        """Return whether it was made since it was last taken."""
        if not self._is_made:
            return False
        # What is asked from here on is asked anew, as it is acted on only after this.
        self._is_made = False
        return True


@contextmanager
def requested_by_signal() -> Iterator[Request]:
    """Yield a request that SIGHUP makes; on a terminal SIGHUP still means that it was closed."""
    request = Request()
    if sys.stdin and sys.stdin.isatty():
        yield request
        return
    before = signal.signal(signal.SIGHUP, lambda *_: request.make())
    try:
        yield request
    finally:
        signal.signal(signal.SIGHUP, before)
