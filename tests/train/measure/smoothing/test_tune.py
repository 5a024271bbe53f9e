"""The smoothing is chosen within its limits."""

import pytest

from moodstream_train.errors import TrainingError
from moodstream_train.measure.smoothing import said
from moodstream_train.measure.smoothing.tune import best_average, tune
from tests.train.measuring import record

GRID = [
    said.SmoothingSpec(0.0, scale, lasting_s, 0.5, 0.2)
    for scale in (0.05, 0.5, 10.0)
    for lasting_s in (1.0, 30.0)
]


def flickering(start: int = 0) -> list[str]:
    """Every sixth hop is wrong."""
    named = ["Q1"] * 40 + ["Q2"] * 40
    return ["Q4" if (i + start) % 6 == 3 else own for i, own in enumerate(named)]


def test_tuning_finds_what_flickering_does_not_pass() -> None:
    records = [record(flickering(i), [(0.0, "Q1"), (20.0, "Q2")]) for i in range(3)]
    # Noise in which a little speaks for one quadrant: below what is needed to name it.
    noises = [record(["Q1"] * 40, [(0.0, None)], probability=0.13)]
    found = tune(records, noises, GRID)
    assert found.unmet == ()
    assert found.chosen.score.false_changes <= 1.5
    assert found.chosen.score.share_right >= found.average.share_right
    assert found.chosen in found.front
    quicker = [one for one in found.front if one.score.share_right > found.chosen.score.share_right]
    assert all(one.score.false_changes > 1.5 for one in quicker)
    assert found.chosen.noise_share <= 5


def test_tuning_says_what_cannot_be_had() -> None:
    records = [record(flickering(), [(0.0, "Q1"), (20.0, "Q2")])]
    loud = [record(["Q1"] * 40, [(0.0, None)])]
    (noise,) = tune(records, loud, GRID[2:4]).unmet
    assert noise.startswith("the limit of 5 % of noise with a mood")
    (changes,) = tune(records, [], GRID[4:5]).unmet
    assert changes.startswith("the limit of 1.5 false changes a minute is missed by")
    with pytest.raises(TrainingError, match="grid is empty"):
        tune(records, [], [])


def test_the_baseline_is_the_best_of_its_kind() -> None:
    records = [record(flickering(), [(0.0, "Q1"), (20.0, "Q2")])]
    window_s, found = best_average(records)
    assert window_s == 2.0
    assert found.false_changes == 0
