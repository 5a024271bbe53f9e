"""FIFOs, whose writers come and go."""

import os
from contextlib import suppress

import numpy as np
import pytest
from structlog.testing import capture_logs

from moodstream.audio.formats.uncompressed.layout import Layout
from moodstream.audio.sources import stream
from moodstream.audio.sources.fifo import Fifo
from moodstream.audio.sources.stream import Stream
from tests.support.program import wait_until
from tests.support.receiving import gathering

MONO = Layout(16000, 1, "s16")


def test_writers_come_and_go(tmp_path, monkeypatch):
    monkeypatch.setattr(stream, "LATE_S", 0.8)
    path = tmp_path / "fifo"
    os.mkfifo(path)
    first, second = np.random.default_rng(3).integers(-9000, 9000, (2, 16000), np.int16)
    with gathering(Stream(Fifo(str(path), MONO), 10.0)) as gathered:
        wait_until(lambda: gathered.is_lost)
        with path.open("wb") as writer:
            writer.write(first.tobytes() + b"\1")  # it dies in the middle of a sample
        wait_until(lambda: len(gathered.samples) == 16000)
        wait_until(lambda: gathered.is_lost)
        with path.open("wb", buffering=0) as writer:
            writer.write(second.tobytes())
            wait_until(lambda: len(gathered.samples) == 32000)
            wait_until(lambda: gathered.is_lost)  # it is silent, and may go on
            writer.write(first.tobytes())
            wait_until(lambda: len(gathered.samples) == 48000)
    expected = np.concatenate([first, second, first]) / np.float32(32768)
    assert np.array_equal(gathered.samples, expected.astype(np.float32))


@pytest.mark.parametrize(
    ("name", "reason"), [("file", "is not a FIFO: make one"), ("nothing", "no such file")]
)
def test_a_path_that_is_none_is_told(tmp_path, name, reason):
    (tmp_path / "file").write_bytes(bytes(9))
    with capture_logs() as entries:
        with gathering(Stream(Fifo(str(tmp_path / name), MONO), 10.0)) as gathered:
            wait_until(lambda: gathered.is_lost)
        assert reason in entries[0]["reason"]


def test_a_fifo_that_is_replaced_is_opened_anew(tmp_path):
    """Its writer made it again, as MPD does, before it ever wrote to the first one."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    with gathering(Stream(Fifo(str(path), MONO), 10.0)) as gathered:
        wait_until(lambda: gathered.is_lost)
        path.unlink()
        os.mkfifo(path)
        wait_until(lambda: can_be_written(path), 5)
        path.write_bytes(bytes(2 * 16000))
        wait_until(lambda: len(gathered.samples) == 16000)


def can_be_written(path):
    with suppress(OSError):  # nobody reads yet
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        return True
    return False
