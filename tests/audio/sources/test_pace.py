"""Inputs that could deliver faster than in real time."""

import pytest

from moodstream.audio.sources.pace import Pace


def taken_s(pace, real_s, speed):
    """Seconds of audio that an input of this speed has delivered after some seconds."""
    now_s = audio_s = 0.0
    while now_s < real_s:
        audio_s += 0.1
        now_s += max(0.1 / speed, pace.process(0.1, now_s))
    return audio_s


def test_a_file_is_heard_in_real_time_after_the_first_seconds():
    assert taken_s(Pace(5.0), 100, 1000) == pytest.approx(107, abs=0.5)


def test_a_live_source_with_a_fast_clock_is_never_held_up():
    pace, now_s = Pace(5.0), 0.0
    assert pace.process(4.9, now_s) == 0  # what a server sends at the beginning
    for _ in range(100_000):
        now_s += 0.1
        assert pace.process(0.1015, now_s) == 0


def test_a_stall_earns_no_more_than_the_first_seconds():
    pace = Pace(5.0)
    pace.process(5.0, 0.0)
    assert pace.process(5.0, 1000.0) == 0
    assert pace.process(1.0, 1000.0) == pytest.approx(1.0)
