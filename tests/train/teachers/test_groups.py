"""Which classes count for voice, music and other sounds."""

from pathlib import Path

import numpy as np
import pytest

from moodstream_train.errors import TrainingError
from moodstream_train.teachers import groups

NAMES = [*groups.UNGROUPED, *groups.MUSIC, "Dog", "Engine", *groups.VOICE]


@pytest.mark.parametrize(
    ("name", "group"),
    [("Singing", "voice"), ("Laughter", "voice"), ("Piano", "music"), ("Dog", "other")],
)
def test_each_class_counts_for_its_group_alone(name: str, group: str) -> None:
    scores = np.zeros((2, len(NAMES)), np.float16)
    scores[1, NAMES.index(name)] = 0.5
    expected = np.zeros((2, 3))
    expected[1, groups.GROUPS.index(group)] = 0.5
    np.testing.assert_array_equal(groups.Grouping(NAMES).scores(scores), expected)


def test_places_and_silence_count_for_no_group() -> None:
    scores = np.zeros((1, len(NAMES)))
    scores[0, : len(groups.UNGROUPED)] = 1
    assert not groups.Grouping(NAMES).scores(scores).any()


def test_no_class_is_listed_twice() -> None:
    listed = (*groups.VOICE, *groups.MUSIC, *groups.UNGROUPED)
    assert len(set(listed)) == len(listed)


def test_a_listed_class_that_the_map_lacks_is_named() -> None:
    with pytest.raises(TrainingError, match=r"lacks: Banjo; Speech$"):
        groups.Grouping([name for name in NAMES if name not in {"Speech", "Banjo"}])


def test_scores_of_another_model_are_refused() -> None:
    with pytest.raises(ValueError, match="expected scores of"):
        groups.Grouping(NAMES).scores(np.zeros((4, 10)))


def test_class_names_come_in_the_order_of_the_scores(tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    path.write_text('index,mid,display_name\n0,/m/1,"Child speech, kid speaking"\n1,/m/2,Dog\n')
    assert groups.class_names(path) == ["Child speech, kid speaking", "Dog"]


@pytest.mark.parametrize(
    "text",
    ["", "index,name\n0,Dog\n", "index,display_name\n1,Dog\n", "index,display_name\nx,Dog\n"],
)
def test_a_file_that_is_no_class_map_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "map.csv").write_text(text)
    with pytest.raises(TrainingError, match=r"map\.csv"):
        groups.class_names(tmp_path / "map.csv")
