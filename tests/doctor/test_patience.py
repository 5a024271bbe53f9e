"""Calls that may never return."""

import threading
import time

import pytest

from moodstream.audio.portaudio import CaptureError, CaptureStuckError
from moodstream.doctor import patience


def test_results_and_errors_come_through():
    assert patience.patiently(lambda: 42) == 42

    def fail():
        raise CaptureError("busy")

    with pytest.raises(CaptureError, match="busy"):
        patience.patiently(fail)


def test_a_call_that_hangs_is_abandoned_and_not_tried_again(monkeypatch):
    monkeypatch.setattr(patience, "PATIENCE_S", 0.2)
    end = threading.Event()
    begun_s = time.monotonic()
    with pytest.raises(CaptureStuckError, match=r"not answered for 0\.2 s"):
        patience.patiently(end.wait)
    with pytest.raises(CaptureStuckError, match="still does not answer"):
        patience.patiently(lambda: 42)
    assert time.monotonic() - begun_s < 5
    end.set()
    for thread in threading.enumerate():
        if thread.name == patience.THREAD:
            thread.join(5)
    assert patience.patiently(lambda: 42) == 42
