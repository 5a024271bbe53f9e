from benchmarks.plan import PARTS, SHORT
from moodstream_train.recipes import RECIPES


def test_the_parts_are_those_of_recipes_that_exist() -> None:
    assert PARTS.keys() <= RECIPES.keys()
    assert {*SHORT.recipes} <= RECIPES.keys()
    assert min(PARTS.values()) >= 1
