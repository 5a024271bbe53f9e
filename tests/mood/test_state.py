from dataclasses import replace

import pytest

from moodstream.mood.state import MoodState

STATE = MoodState("ok", "happy", None, 8000, 0, -20.0)


@pytest.mark.parametrize(
    ("changes", "is_event"),
    [
        ({"mood": "sad"}, True),
        ({"status": "other", "mood": None}, True),
        ({"position_n": 16000, "level_dbfs": -30.0}, False),
    ],
)
def test_a_change_of_status_or_mood_is_an_event(changes, is_event):
    assert (replace(STATE, **changes).key != STATE.key) == is_event


def test_kinds_of_sound_are_unknown_unless_they_are_given():
    assert STATE.heard is None
