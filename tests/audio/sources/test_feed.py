"""Blocks on their way to the pipeline."""

import threading

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moodstream.audio.chunk import Block, Gap
from moodstream.audio.sources.feed import Feed


def block(length_n, rate=100, first=0):
    return Block(np.arange(first, first + length_n, dtype=np.float32), rate)


@given(
    lengths=st.lists(st.integers(1, 300), max_size=30),
    reads=st.lists(st.integers(0, 3), max_size=30),
)
def test_every_sample_is_given_or_counted_in_its_place(lengths, reads):
    feed, at, given_n, lost_n = Feed(5.0), 0, 0, 0
    reads += [len(lengths) + 2] * max(1, len(lengths) - len(reads))
    for length_n, count in zip([*lengths, 1], reads, strict=False):
        feed.write(block(length_n, first=given_n + lost_n + at))
        at += length_n
        for _ in range(count):
            chunk = feed.read(0)
            if isinstance(chunk, Gap):
                lost_n += chunk.length_n
                at -= chunk.length_n
            elif chunk is not None:
                assert chunk.samples[0] == given_n + lost_n
                given_n += len(chunk.samples)
                at -= len(chunk.samples)
    assert feed.lost_n >= lost_n


def test_the_oldest_becomes_a_gap_when_the_reader_is_late():
    feed = Feed(2.0)
    for first in range(0, 500, 100):
        feed.write(block(100, first=first))
    assert feed.read(0) == Gap(300, 100)
    samples = [feed.read(0).samples[0] for _ in range(2)]
    assert samples == [300, 400]
    assert feed.read(0) is None
    assert feed.lost_n == 300


def test_one_block_is_kept_however_long_it_is():
    feed = Feed(1.0)
    feed.write(block(1000))
    assert len(feed.read(0).samples) == 1000


def test_the_rate_may_change():
    feed = Feed(10.0)
    feed.write(block(100, rate=100))
    feed.write(block(100, rate=200))
    assert [feed.read(0).rate for _ in range(2)] == [100, 200]


def test_a_reader_is_woken():
    feed, found = Feed(10.0), []
    reader = threading.Thread(target=lambda: found.append(feed.read(30)))
    reader.start()
    feed.write(block(7))
    reader.join(10)
    assert len(found[0].samples) == 7
