"""A device that is not there; lost ones are tried on the whole daemon."""

import threading

import structlog

from moodstream.audio.chunk import Gap
from moodstream.audio.microphone import Microphone


def test_a_missing_device_is_a_gap_that_says_so(monkeypatch):
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent")
    stop = threading.Event()
    chunks = Microphone("no such device", 5).chunks(stop)
    with structlog.testing.capture_logs() as logs:
        found = [next(chunks) for _ in range(3)]
        stop.set()
        found += chunks
    assert all(isinstance(chunk, Gap) and chunk.source_lost for chunk in found)
    assert any("no capture device 'no such device'" in log["reason"] for log in logs)
