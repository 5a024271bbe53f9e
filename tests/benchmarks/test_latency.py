"""Latencies are counted from the block that brought the last sample of a hop."""

from benchmarks.latency import STATE, Heard, _heard

ARRIVALS = [["1000", "250", "10.0"], ["1000", "500", "10.25"], ["1000", "750", "10.5"]]


def test_counts_from_the_block_with_the_sample_and_from_the_one_before_the_message() -> None:
    at_once = _heard(ARRIVALS, [[STATE, "0.5", "10.375"]])
    assert at_once == [Heard(STATE, late_s=0.125, behind_s=0.125)]
    held_back = _heard(ARRIVALS, [[STATE, "0.5", "10.75"]])
    assert held_back == [Heard(STATE, late_s=0.5, behind_s=0.25)]
    within_a_block = _heard(ARRIVALS, [[STATE, "0.501", "10.625"]])
    assert within_a_block == [Heard(STATE, late_s=0.125, behind_s=0.125)]


def test_leaves_out_what_came_after_audio_was_lost() -> None:
    assert _heard(ARRIVALS, [[STATE, "0.751", "11.0"]]) == []
    assert _heard([], [[STATE, "0.5", "10.375"]]) == []
