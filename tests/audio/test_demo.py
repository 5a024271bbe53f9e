"""The bundled recording in place of a microphone."""

import threading
import time
from itertools import islice

from moodstream.audio.demo import BLOCK_S, recording


def test_it_plays_in_real_time_and_ends_when_told():
    stop = threading.Event()
    begun_s = time.monotonic()
    blocks = recording(stop)
    played_s = sum(len(block.samples) / block.rate for block in islice(blocks, 5))
    assert played_s > 4 * BLOCK_S
    assert time.monotonic() - begun_s >= 5 * BLOCK_S - 0.01
    stop.set()
    assert not list(blocks)
