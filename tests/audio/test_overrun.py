"""Audio that never came is noticed by the clock; audio that is late, or of a slow clock, is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.audio.overrun import MISSED_S, Overrun

RATE = 48000
jitters = st.lists(st.floats(0, 0.4), min_size=2, max_size=200)


@given(jitters=jitters, drift=st.floats(-0.015, 0.015), start=st.floats(0, 1e6))
def test_what_is_late_is_not_missed(jitters, drift, start):
    overrun = Overrun(RATE)
    for k, jitter in enumerate(jitters):
        now_s = start + 0.25 * (1 + drift) * k + jitter
        assert overrun.process(RATE // 4, now_s, is_all=True) == 0


@given(jitters=jitters, missed_s=st.floats(MISSED_S + 0.5, 100))
def test_what_was_missed_is_told_once(jitters, missed_s):
    overrun = Overrun(RATE)
    told = []
    for k, jitter in enumerate(jitters):
        after_s = missed_s if k >= len(jitters) // 2 else 0
        told.append(overrun.process(RATE // 4, 0.25 * k + after_s + jitter, is_all=True))
    (found,) = [one for one in told if one]
    assert found == pytest.approx(missed_s, abs=0.5 + 0.02 * missed_s)
    assert told[len(jitters) // 2] == found


def test_what_still_waits_is_not_missed():
    overrun = Overrun(RATE)
    assert overrun.process(RATE, 1.0, is_all=True) == 0
    for _ in range(9):  # ten seconds later, ten seconds wait
        assert overrun.process(RATE, 11.0, is_all=False) == 0
    assert overrun.process(RATE, 11.0, is_all=True) == 0
    assert overrun.process(RATE, 14.0, is_all=True) == pytest.approx(2, abs=0.1)
