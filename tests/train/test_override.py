"""Numbers of the recipe, changed on the command line."""

import pytest

from moodstream_train import override
from moodstream_train.recipe import Recipe
from moodstream_train.recipes import RECIPES

SHIPPED = RECIPES["shipped"]


def test_a_number_of_any_depth_is_changed_and_nothing_else() -> None:
    made = override.apply(SHIPPED, ["cnn.schedule.epochs=3", "hop_frames=16"])
    assert (made.cnn.schedule.epochs, made.hop_frames) == (3, 16)
    assert SHIPPED.cnn.schedule.epochs != 3
    back = override.apply(
        made, [f"cnn.schedule.epochs={SHIPPED.cnn.schedule.epochs}", "hop_frames=32"]
    )
    assert back == SHIPPED


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=list(RECIPES))
def test_no_change_is_no_change(recipe: Recipe) -> None:
    assert override.apply(recipe, []) == recipe


def test_values_are_json_or_a_plain_word() -> None:
    made = override.apply(
        SHIPPED,
        [
            "cnn.channels=[8, 16]",
            "texture.lags=[]",
            "rnn.averages_s=[1, 2.5]",
            "cnn.dropout=0",
            "split=random-20",
        ],
    )
    assert made.cnn.channels == (8, 16)
    assert made.texture.lags == ()
    assert made.rnn.averages_s == (1.0, 2.5)
    assert isinstance(made.cnn.dropout, float)
    assert made.split == "random-20"


def test_the_last_of_two_changes_counts() -> None:
    assert override.apply(SHIPPED, ["hop_frames=16", "hop_frames=64"]).hop_frames == 64


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("cnn.dropuot=0.5", r"'cnn\.dropuot': the recipe has no such field; did you mean 'dropout"),
        ("cmn.dropout=0.5", r"'cmn\.dropout': .*; did you mean 'cnn'\?"),
        ("cnn.dropout.x=1", r"'cnn\.dropout\.x': the recipe has no such field"),
        ("cnn.dropout", r"'cnn\.dropout': give a key and a value"),
        ("cnn.dropout=much", r"cnn\.dropout: expected a number, found 'much'"),
        ("cnn.schedule.epochs=1.5", r"cnn\.schedule\.epochs: expected a whole number"),
        ("cnn.channels=[8, true]", r"cnn\.channels\[1\]: expected a whole number"),
        ("cnn=3", "cnn: expected a table of settings, found 3"),
        ("split=random-30", r"split: found 'random-30'; did you mean 'random-20'\?"),
        ("features.n_mfcc=0", r"features\.n_mfcc: must be at least 1"),
    ],
)
def test_what_cannot_be_is_refused_with_a_hint(change: str, message: str) -> None:
    with pytest.raises(override.OverrideError, match=message):
        override.apply(SHIPPED, [change])
