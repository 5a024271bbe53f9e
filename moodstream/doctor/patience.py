"""Calls that a frozen audio server never answers."""

import threading
from collections.abc import Callable
from typing import TypeVar

from moodstream.audio.portaudio import CaptureError, CaptureStuckError

PATIENCE_S = 12.0
THREAD = "doctor"
FROZEN = (
    "is the audio server frozen? Restart it: systemctl --user restart pipewire pipewire-pulse, "
    "or: pulseaudio --kill"
)

T = TypeVar("T")


def patiently(work: Callable[[], T]) -> T:
    """Run some work in a thread, and abandon the thread if it takes too long.

    Raises:
        CaptureError: raised by the work.
        CaptureStuckError: raised by the work, or the work did not end in time.
    """
    if any(thread.name == THREAD for thread in threading.enumerate()):
        raise CaptureStuckError("the audio system still does not answer")
    results: list[T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(work())
        except (CaptureError, CaptureStuckError) as error:
            errors.append(error)

    thread = threading.Thread(target=run, name=THREAD, daemon=True)
    thread.start()
    thread.join(PATIENCE_S)
    if errors:
        raise errors[0]
    if not results:
        raise CaptureStuckError(f"the audio system has not answered for {PATIENCE_S:g} s")
    return results[0]
