"""A verdict names a mood for a voice and a quadrant for music."""

import pytest

from moodstream_train.measure.verdict import Verdict
from tests.train.measuring import verdict

SCORES = [0.0, 0.1, 0.0, 0.4, 0.2, 0.1, 0.2, 0.0]


def test_a_voice_is_named_by_its_mood_and_music_by_its_quadrant() -> None:
    voice = Verdict("x", "speech", "actor 01", None, "sad", [SCORES] * 3)
    music = Verdict("x", "music", "artist", None, "Q2", [SCORES] * 3)
    assert (voice.named(), music.named()) == ("sad", "Q2")
    assert voice.named(among=("calm", "angry")) == "angry"
    assert sum((music.probabilities() or {}).values()) == pytest.approx(1)
    few = voice.probabilities(among=("calm", "angry"))
    assert few == pytest.approx({"calm": 1 / 3, "angry": 2 / 3})


def test_a_silent_clip_has_no_mood() -> None:
    said = verdict("sad", None)
    assert (said.mood(), said.quadrant(), said.named(), said.probabilities()) == (None,) * 4
