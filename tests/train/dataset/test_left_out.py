"""Corpora that are left out take all of their people and artists with them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.mood.circumplex import QUADRANTS
from moodstream_train.corpora import Clip, Corpus
from moodstream_train.dataset import splits
from moodstream_train.parts import LEFT_OUT
from tests.train.dataset.test_splits import CLIPS

MUSIC: tuple[Corpus, ...] = ("music", "musifeast", "vgmidi")


def shared_artists() -> list[Clip]:
    """Artists 0 to 9 of the first corpus, 5 to 14 of the second, 12 to 21 of the third."""
    return [
        Clip(Path(f"{corpus}-{n}-{i}.wav"), corpus, f"artist {n:02}", (0,), QUADRANTS[n % 4])
        for k, corpus in enumerate(MUSIC)
        for n in range((0, 5, 12)[k], (10, 15, 22)[k])
        for i in range(3)
    ]


def test_an_artist_in_two_corpora_is_on_one_side() -> None:
    shared = shared_artists()
    folds = splits.fold_of_groups(shared)
    alone = splits.fold_of_groups([one for one in shared if one.corpus == "music"])
    assert alone.items() <= folds.items()  # an artist stays in the fold of the first corpus
    for fold in range(splits.FOLD_COUNT):
        made = splits.split(shared, fold)  # which checks it
        assert sorted(made.train + made.inner + made.test) == list(range(len(shared)))


@pytest.mark.parametrize("names", [*LEFT_OUT, ("musifeast",)])
def test_corpora_that_are_left_out_are_tested_whole_and_nothing_of_their_people_is_trained_on(
    names: tuple[Corpus, ...],
) -> None:
    clips = CLIPS + shared_artists()
    made = splits.without(clips, names)
    assert {clips[i].corpus for i in made.test} == {
        name for name in names if any(clip.corpus == name for clip in clips)
    }
    assert len(made.test) == sum(clip.corpus in names for clip in clips)
    tested = {clips[i].group for i in made.test}
    assert not tested & {clips[i].group for i in made.train + made.inner}
    # All others are trained on, or calibrate.
    others = [i for i, clip in enumerate(clips) if clip.group not in tested]
    assert sorted(made.train + made.inner) == others
    assert made.inner
    assert len(made.inner) < len(made.train)


def test_artists_who_are_left_out_are_left_out_of_every_corpus() -> None:
    clips = shared_artists()
    made = splits.without(clips, ("musifeast",))
    gone = set(range(len(clips))) - {*made.train, *made.inner, *made.test}
    assert {(clips[i].corpus, clips[i].group) for i in gone} == {
        *(("music", f"artist {n:02}") for n in range(5, 10)),
        *(("vgmidi", f"artist {n:02}") for n in range(12, 15)),
    }


@given(
    drawn=st.lists(
        st.tuples(st.sampled_from(MUSIC), st.integers(0, 9), st.integers(0, 3)), max_size=60
    ),
    names=st.sets(st.sampled_from(MUSIC), min_size=1),
)
def test_whatever_is_left_out_no_one_is_on_two_sides(
    drawn: list[tuple[Corpus, int, int]], names: set[Corpus]
) -> None:
    clips = [
        Clip(Path(f"{corpus}{n}{i}.wav"), corpus, f"artist {n}", (0,), QUADRANTS[i])
        for corpus, n, i in drawn
    ]
    made = splits.without(clips, [*names])
    sides = [{clips[i].group for i in side} for side in (made.train, made.inner, made.test)]
    assert sum(map(len, sides)) == len(set.union(*sides))
