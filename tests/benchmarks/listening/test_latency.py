"""Latencies are counted from when the last sample of a hop came, however late it was read."""

import pytest

from benchmarks.listening.latency import STATE, _heard

ARRIVALS = [["1000", "250", "10.0"], ["1000", "500", "10.25"], ["1000", "750", "10.6"]]
"""The last read is a tenth of a second late."""


@pytest.mark.parametrize(
    ("position_s", "told_s", "late_s", "behind_s"),
    [
        ("0.5", "10.375", 0.125, 0.125),
        ("0.5", "10.75", 0.5, 0.15),
        ("0.501", "10.625", 0.374, 0.025),
        ("0.75", "10.625", 0.125, 0.025),
    ],
)
def test_counts_from_the_sample_and_from_the_read_before_the_message(
    position_s: str, told_s: str, late_s: float, behind_s: float
) -> None:
    (heard,) = _heard(ARRIVALS, [[STATE, position_s, told_s]])
    assert heard.topic == STATE
    assert heard.late_s == pytest.approx(late_s)
    assert heard.behind_s == pytest.approx(behind_s)


def test_leaves_out_what_came_after_audio_was_lost() -> None:
    assert _heard(ARRIVALS, [[STATE, "0.751", "11.0"]]) == []
    assert _heard([], [[STATE, "0.5", "10.375"]]) == []
