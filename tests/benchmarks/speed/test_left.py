"""What a page says of goals that are not reached follows from what was measured."""

from benchmarks.speed.left import _verdict

PARTS = {"small": 1.0, "large": 5.0, "middle": 3.0}


def test_names_the_dearest_parts_until_the_rest_is_within_the_goal() -> None:
    assert _verdict(PARTS, 4.5).endswith(
        "if this cost nothing at all, the most expensive first: large."
    )
    assert _verdict(PARTS, 3.0).endswith("the most expensive first: large; middle.")
    assert "9.00 times the goal" in _verdict(PARTS, 1.0)


def test_says_when_a_goal_is_reached() -> None:
    assert _verdict(PARTS, 9.0) == "The goal is reached."
