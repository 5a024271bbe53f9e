"""Sums of a minute, and the means that they give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.history.columns import COLUMNS, KEYS, Tally, means
from moodstream.messages.received import parse
from tests.support.messages import said


def test_the_means_are_weighted_by_time():
    tally = Tally()
    tally.process("happy", parse(said(valence=1.0, arousal=-1.0, level_dbfs=-10)), 45)
    tally.process("sad", parse(said(mood="sad", valence=0.0, arousal=1.0, level_dbfs=-30)), 15)
    tally.process("unheard", None, 10)
    span = tally.take()
    found = means(span)
    assert (span["happy_s"], span["sad_s"]) == (45, 15)
    assert found["valence"] == pytest.approx(0.75)
    assert found["arousal"] == pytest.approx(-0.5)
    assert found["level_dbfs"] == pytest.approx(-15)
    assert found["voice"] is None
    assert tally.take() is None


@given(st.lists(st.tuples(st.sampled_from(KEYS), st.floats(0.01, 5)), min_size=1, max_size=40))
def test_minutes_add_up_to_the_whole(pieces):
    whole, parts = Tally(), dict.fromkeys(COLUMNS, 0.0)
    for key, took_s in pieces:
        part = Tally()
        state = parse(said(heard={"voice": 0.2, "music": 0.7, "other": 0.1}))
        whole.process(key, state, took_s + 1)
        part.process(key, state, took_s + 1)
        for column, value in part.take().items():
            parts[column] += value
    assert whole.take() == pytest.approx(parts)
