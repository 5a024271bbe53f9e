import threading

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moodstream.audio.chunk import Block, Gap
from moodstream.audio.ring import Ring

CAPACITY_N = 50

actions = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, 120)),
        st.tuples(st.just("lose"), st.integers(1, 30)),
        st.tuples(st.just("read"), st.just(0)),
    ),
    max_size=60,
)


@given(actions=actions)
def test_every_sample_is_read_once_in_order_or_counted_as_lost(actions):
    """Samples are numbered; a gap of n must stand exactly where n numbers are missing."""
    ring = Ring(CAPACITY_N, 16000)
    number = 0  # of the next sample that the device makes
    expected = 0  # the next number that the reader may see
    lost_n = 0

    def read():
        nonlocal expected, lost_n
        chunk = ring.read(timeout_s=0)
        if isinstance(chunk, Gap):
            expected += chunk.length_n
            lost_n += chunk.length_n
        elif isinstance(chunk, Block):
            np.testing.assert_array_equal(
                chunk.samples, np.arange(expected, expected + len(chunk.samples))
            )
            expected += len(chunk.samples)
        return chunk

    for action, size in actions:
        if action == "write":
            ring.write(np.arange(number, number + size).astype(np.float32))
            number += size
        elif action == "lose":
            ring.lose(size)
            number += size
        else:
            read()
    while read() is not None:
        pass
    assert expected == number
    assert ring.lost_n == lost_n


def test_a_reader_that_waits_is_woken():
    ring = Ring(1000, 16000)
    timer = threading.Timer(0.05, ring.write, [np.ones(3, np.float32)])
    timer.start()
    chunk = ring.read(timeout_s=10)
    assert isinstance(chunk, Block)
    np.testing.assert_array_equal(chunk.samples, np.ones(3))
    assert ring.read(timeout_s=0.01) is None


def test_a_block_that_was_read_is_not_overwritten():
    ring = Ring(8, 16000)
    ring.write(np.arange(8, dtype=np.float32))
    block = ring.read(timeout_s=0)
    ring.write(np.zeros(8, np.float32))
    assert isinstance(block, Block)
    np.testing.assert_array_equal(block.samples, np.arange(8))
