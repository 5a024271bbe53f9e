"""What is said against what is there, where both are known."""

import pytest

from moodstream_train.errors import TrainingError
from moodstream_train.measure.smoothing.score import score
from tests.train.measuring import record

CHANGE = [(0.0, "Q1"), (10.0, "Q2")]


def test_who_says_what_is_there_at_once_is_right_all_but_a_hop() -> None:
    kept = record(["Q1"] * 20 + ["Q2"] * 20, CHANGE)
    found = score([kept], [["Q1"] * 20 + ["Q2"] * 20])
    # Each mood is said at the end of the first hop in which it was heard.
    assert found.share_right == pytest.approx(100 * 19 / 20)
    assert (found.share_said, found.minutes) == (97.5, 0.33)
    assert (found.median_delay_s, found.never, found.false_changes) == (0.5, 0, 0)


def test_the_delay_is_until_the_first_time_that_it_is_right() -> None:
    kept = record(["Q1"] * 40, CHANGE)
    found = score([kept], [["Q1"] * 26 + ["Q2"] * 14])
    assert found.median_delay_s == pytest.approx((0.5 + 3.5) / 2)
    assert found.false_changes == 0
    assert found.share_right == pytest.approx(100 * (19 + 14 - 1) / 40, abs=0.1)


def test_who_never_says_it_has_waited_for_all_of_it() -> None:
    kept = record(["Q1"] * 40, CHANGE)
    found = score([kept], [["Q1"] * 40])
    assert (found.never, found.median_delay_s) == (50, (0.5 + 10) / 2)


def test_each_change_that_was_not_there_counts() -> None:
    kept = record(["Q1"] * 120, [(0.0, "Q1")])
    own = ["Q1"] * 20 + ["Q3"] * 20 + ["Q1"] * 20 + ["Q4"] * 60
    assert score([kept], [own]).false_changes == 3


def test_a_wrong_step_on_the_way_is_false_the_right_one_is_not() -> None:
    kept = record(["Q1"] * 40, CHANGE)
    own = ["Q1"] * 24 + ["Q3"] * 4 + ["Q2"] * 12
    assert score([kept], [own]).false_changes == pytest.approx(3, abs=0.01)  # one in 20 s


def test_who_said_the_new_mood_already_had_no_delay_but_a_false_change_before() -> None:
    kept = record(["Q1"] * 40, CHANGE)
    found = score([kept], [["Q1"] * 16 + ["Q2"] * 24])
    assert found.median_delay_s == pytest.approx(0.25)
    assert found.false_changes == pytest.approx(3, abs=0.01)


def test_not_to_be_sure_is_no_change_but_time_in_which_nothing_is_right() -> None:
    kept = record(["Q1"] * 40, [(0.0, "Q1")])
    found = score([kept], [["Q1"] * 10 + [None] * 20 + ["Q1"] * 10])
    assert found.false_changes == 0
    assert found.lapses == pytest.approx(3)
    assert found.share_right == found.share_said == pytest.approx(100 * 19 / 40)


def test_changes_need_not_fall_on_hops() -> None:
    kept = record(["Q1"] * 20, [(0.0, "Q1"), (5.2, "Q2")])
    found = score([kept], [["Q1"] * 10 + ["Q2"] * 10])
    # Q1 is right from 0.5 to 5.2 s and said until 5.5; from there on Q2 is said, and right.
    assert found.share_right == pytest.approx(100 * (4.7 + 4.5) / 10)
    assert found.median_delay_s == pytest.approx((0.5 + 0.3) / 2)


def test_where_there_is_no_mood_none_is_right() -> None:
    kept = record(["Q1"] * 20, [(0.0, None)])
    found = score([kept], [["Q1"] * 20])
    assert (found.share_right, found.share_said) == (0, 95)
    with pytest.raises(TrainingError, match="no records"):
        score([], [])
