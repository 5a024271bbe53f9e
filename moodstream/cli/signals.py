"""Signals that stop a command."""

import _thread
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

STOPPED = 130
"""Exit status of a command that was interrupted."""


@contextmanager
def ended_by_signals(patience_s: float) -> Iterator[None]:
    """End the process some seconds after SIGINT or SIGTERM if it has not ended by then.

    Other signal handlers cannot run while a read blocks, for example in a library or on a pipe
    without a writer. Output written so far is kept.

    Args:
        patience_s: seconds that the process has to end by itself.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    is_over = threading.Event()

    def wait() -> None:
        while number := os.read(reader, 1):
            if number[0] in (signal.SIGINT, signal.SIGTERM) and not is_over.wait(patience_s):
                with suppress(OSError):
                    os.write(sys.stderr.fileno(), b"Error: stopped while a read did not return\n")
                os._exit(STOPPED)
        os.close(reader)

    threading.Thread(target=wait, name="end", daemon=True).start()
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        yield
    finally:
        is_over.set()
        signal.set_wakeup_fd(before)
        os.close(writer)


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """Yield an event that SIGINT and SIGTERM set; a second SIGINT ends the process at once."""
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        del frame
        # The event must not be set here: the interrupted code may hold its lock.
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
