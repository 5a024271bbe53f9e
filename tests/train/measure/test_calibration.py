"""Reliability, of verdicts whose calibration is known."""

import pytest

from moodstream_train.errors import TrainingError
from moodstream_train.measure import calibration
from tests.train.measuring import verdict


def test_right_as_often_as_it_is_sure_is_no_error() -> None:
    said = [verdict("sad", "sad" if i < 8 else "calm", 0.8) for i in range(10)]
    found = calibration.reliability(said)
    assert found.ece == pytest.approx(0, abs=1e-4)
    assert [one.clips for one in found.bins if one.clips] == [10]


def test_sure_and_half_right_is_an_error_of_a_half() -> None:
    said = [verdict("sad", "sad" if i % 2 else "calm", 1.0) for i in range(10)]
    assert calibration.reliability(said).ece == pytest.approx(0.5)


def test_errors_are_weighed_by_clips() -> None:
    said = [verdict("sad", "sad", 1.0)] * 3 + [verdict("sad", "calm", 0.4)]
    assert calibration.reliability(said).ece == pytest.approx(0.4 / 4, abs=1e-4)


def test_leaving_out_the_least_sure_wins_what_they_had_wrong() -> None:
    said = [verdict("sad", "sad", 0.9)] * 7 + [verdict("sad", "calm", 0.5)] * 3
    found = calibration.reliability(said)
    assert (found.accuracy, found.sure_accuracy, found.gain) == (70, 100, 30)


def test_music_is_as_sure_as_the_sum_of_its_quadrant() -> None:
    said = verdict("Q2", "angry", 0.3)  # two more moods of Q2 have 0.1 each
    assert calibration.reliability([said]).ece == pytest.approx(0.5, abs=1e-3)


def test_what_was_not_heard_is_least_sure_and_wrong() -> None:
    said = [verdict("sad", None)] * 3 + [verdict("sad", "sad", 1.0)] * 7
    found = calibration.reliability(said)
    assert (found.accuracy, found.gain, found.ece) == (70, 30, 0)
    with pytest.raises(TrainingError, match="no verdicts"):
        calibration.reliability([])
