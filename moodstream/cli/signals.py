"""Signals that stop or reload a command."""

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from moodstream.request import Request


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """Yield an event that SIGINT and SIGTERM set; a second SIGINT ends the process at once."""
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        del frame
        # Not here: the code that is interrupted may hold the lock of the event.
        _thread.start_new_thread(stop.set, ())
        if number == signal.SIGINT:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {
        number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


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
