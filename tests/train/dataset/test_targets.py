"""Targets say what is known of a clip, and weigh nothing where nothing is."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moodstream.mood.circumplex import CIRCUMPLEX, MOODS, QUADRANT_OF
from moodstream_train.corpora.clip import Clip, moods_of
from moodstream_train.dataset.targets import ACTED, CORNERS, RATED, Targets, targets


def clip(label: str, **known: Any) -> Clip:
    return Clip(Path("x.wav"), "music", "artist 1", moods_of(label), label, **known)


def target(label: str, **known: Any) -> Targets:
    """Targets of one clip, without the axis of the clips."""
    return Targets(*(values[0] for values in targets([clip(label, **known)])))


@pytest.mark.parametrize("mood", MOODS)
def test_a_voice_has_one_mood_and_its_place(mood: str) -> None:
    made = target(mood, voice=1.0, music=0.0)
    assert [name for name, right in zip(MOODS, made.moods, strict=True) if right] == [mood]
    assert made.mood_weights == 1
    np.testing.assert_allclose(made.place, CIRCUMPLEX[mood], atol=1e-6)
    np.testing.assert_allclose(made.place_weights, ACTED)
    assert (made.heard.tolist(), made.heard_weights.tolist()) == ([1, 0], [1, 1])


@pytest.mark.parametrize("quadrant", CORNERS)
def test_music_has_the_moods_of_its_quadrant_and_stands_in_it(quadrant: str) -> None:
    made = target(quadrant, music=1.0)
    right = {name for name, one in zip(MOODS, made.moods, strict=True) if one}
    assert right == {mood for mood in MOODS if QUADRANT_OF[mood] == quadrant}
    valence, arousal = made.place.tolist()
    # The only mood of its quadrant has its own place, which lies there, too.
    assert (valence > 0, arousal > 0) == (quadrant in ("Q1", "Q4"), quadrant in ("Q1", "Q2"))
    # Somebody may sing, or not.
    assert (made.heard.tolist(), made.heard_weights.tolist()) == ([0, 1], [0, 1])


def test_a_mood_that_tags_name_is_the_only_one_that_is_right() -> None:
    made = target("Q4", music=1.0, named=MOODS.index("calm"))
    assert made.moods.tolist() == np.eye(len(MOODS))[MOODS.index("calm")].tolist()
    np.testing.assert_allclose(made.place, CIRCUMPLEX["calm"], atol=1e-6)


def test_listeners_know_better_than_labels() -> None:
    made = target("Q4", valence=0.1, arousal=-0.9)
    np.testing.assert_allclose(made.place, [0.1, -0.9], atol=1e-6)
    np.testing.assert_allclose(made.place_weights, RATED)


def test_one_rating_alone_weighs_alone() -> None:
    made = target("level 2", voice=1.0, music=0.0, arousal=0.7)
    assert made.mood_weights == 0
    assert made.place_weights.tolist() == [0, RATED]
    assert made.place[1] == pytest.approx(0.7)


def test_a_sound_has_neither_a_mood_nor_a_place() -> None:
    made = target("jackhammer", voice=0.0, music=0.0)
    assert made.mood_weights == 0
    assert not made.moods.any()
    assert not made.place_weights.any()
    assert (made.heard.tolist(), made.heard_weights.tolist()) == ([0, 0], [1, 1])


def test_clips_keep_their_order() -> None:
    some = [clip("sad"), clip("Q1"), clip("drilling")]
    together = targets(some)
    for i, one in enumerate(some):
        for values, own in zip(together, targets([one]), strict=True):
            np.testing.assert_array_equal(values[i], own[0])
