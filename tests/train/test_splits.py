"""Nobody is on two sides."""

from collections import Counter
from pathlib import Path

import pytest

from moodstream.mood import MOODS
from moodstream_train import corpora, splits
from moodstream_train.corpora import Clip


@pytest.fixture(scope="module")
def clips(data: Path) -> list[Clip]:
    return corpora.load(data)[0]


@pytest.mark.parametrize("fold", range(splits.FOLDS))
def test_no_group_is_on_two_sides_and_no_clip_is_lost(clips: list[Clip], fold: int) -> None:
    made = splits.split(clips, fold)
    sides = [{clips[i].group for i in side} for side in (made.train, made.inner, made.test)]
    assert not sides[0] & sides[1] | sides[0] & sides[2] | sides[1] & sides[2]
    assert sorted(made.train + made.inner + made.test) == list(range(len(clips)))
    assert all(sides)


def test_actors_are_held_out_as_published(clips: list[Clip]) -> None:
    made = splits.split(clips, 4)
    actors = {clips[i].group for i in made.test if clips[i].corpus != "music"}
    assert actors == {"actor 01", "actor 04", "actor 09", "actor 22"}
    assert sorted(sum(splits.ACTOR_FOLDS, ())) == list(range(1, 25))


def test_one_woman_and_one_man_calibrate(clips: list[Clip]) -> None:
    inner = {clips[i].group for i in splits.split(clips, 2).inner if clips[i].corpus != "music"}
    assert sorted(int(actor.split()[1]) % 2 for actor in inner) == [0, 1]


def test_each_clip_of_music_is_tested_once_and_quadrants_are_balanced(clips: list[Clip]) -> None:
    tested = [
        [clips[i] for i in splits.split(clips, fold).test if clips[i].corpus == "music"]
        for fold in range(splits.FOLDS)
    ]
    names = [clip.name for fold in tested for clip in fold]
    assert len(names) == len(set(names)) == 40
    for fold in tested:
        assert set(Counter(clip.label for clip in fold).values()) == {2}


def test_the_order_of_the_clips_changes_nothing(clips: list[Clip]) -> None:
    assert splits.fold_of_groups(clips) == splits.fold_of_groups(clips[::-1])


def test_a_group_on_two_sides_is_refused() -> None:
    clip = Clip(Path("a.wav"), "song", "actor 01", (0,), MOODS[0])
    with pytest.raises(splits.SplitError, match="actor 01"):
        splits.check_disjoint([clip, clip], splits.Split((0,), (), (1,)))


def test_the_final_model_trains_on_everything(clips: list[Clip]) -> None:
    assert splits.split(clips, None) == splits.Split(tuple(range(len(clips))), (), ())
