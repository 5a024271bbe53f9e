"""The named quadrant after each hop."""

from moodstream_train.measure.smoothing import said
from tests.train.measuring import record

SMOOTHING = said.SmoothingSpec(0.0, 10.0, 1.0, 0.3, 0.2)
CHANGE = [(0.0, "Q1"), (10.0, "Q2")]


def test_without_smoothing_the_strongest_is_said_and_silence_says_nothing() -> None:
    kept = record(["Q1", "Q2", None, "Q3"], CHANGE)
    assert said.by_runtime(kept, SMOOTHING) == ["Q1", "Q2", None, "Q3"]
    assert said.by_moving_average(kept, 0.5) == ["Q1", "Q2", None, "Q3"]


def test_a_moving_average_forgets_after_its_window_and_in_silence() -> None:
    kept = record(["Q1"] * 4 + ["Q2"] * 4, CHANGE)
    assert said.by_moving_average(kept, 2.5) == ["Q1"] * 6 + ["Q2"] * 2
    kept = record(["Q1"] * 4 + [None] + ["Q2"], CHANGE)
    assert said.by_moving_average(kept, 2.5)[-1] == "Q2"
