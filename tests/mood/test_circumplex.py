import numpy as np
import pytest

from moodstream.mood.circumplex import CIRCUMPLEX, MOODS, QUADRANT_OF, quadrant, valence_arousal


@pytest.mark.parametrize("mood", MOODS)
def test_a_sure_mood_lies_in_its_quadrant(mood):
    sure = tuple(float(name == mood) for name in MOODS)
    valence, arousal = valence_arousal(sure)
    assert (valence, arousal) == CIRCUMPLEX[mood]
    assert quadrant(sure) == QUADRANT_OF[mood]
    signs = {"Q1": (1, 1), "Q2": (-1, 1), "Q3": (-1, -1), "Q4": (1, -1)}[QUADRANT_OF[mood]]
    if mood != "neutral":
        assert (np.sign(valence), np.sign(arousal)) == signs


def test_the_evidence_for_a_quadrant_is_the_sum_over_its_moods():
    scores = {"sad": 0.3, "angry": 0.2, "fearful": 0.2, "disgust": 0.2}
    assert quadrant([scores.get(mood, 0.0) for mood in MOODS]) == "Q2"
