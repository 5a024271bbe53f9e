import numpy as np
import pytest

from moodstream.mood.circumplex import (
    CIRCUMPLEX,
    MOODS,
    QUADRANT_OF,
    QUADRANTS,
    nearest,
    quadrant,
)


@pytest.mark.parametrize("mood", MOODS)
def test_a_mood_lies_in_its_quadrant(mood):
    valence, arousal = CIRCUMPLEX[mood]
    assert quadrant([float(name == mood) for name in MOODS]) == QUADRANT_OF[mood]
    signs = {"Q1": (1, 1), "Q2": (-1, 1), "Q3": (-1, -1), "Q4": (1, -1)}[QUADRANT_OF[mood]]
    if mood != "neutral":
        assert (np.sign(valence), np.sign(arousal)) == signs


def test_the_evidence_for_a_quadrant_is_the_sum_over_its_moods():
    scores = {"sad": 0.3, "angry": 0.2, "fearful": 0.2, "disgust": 0.2}
    assert quadrant([scores.get(mood, 0.0) for mood in MOODS]) == "Q2"


def test_a_place_outside_a_quadrant_moves_to_its_border():
    found = [nearest(name, 0.3, -0.2) for name in QUADRANTS]
    assert found == [(0.3, 0.0), (0.0, 0.0), (0.0, -0.2), (0.3, -0.2)]
