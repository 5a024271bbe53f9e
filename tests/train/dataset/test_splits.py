"""Nobody is on two sides."""

import hashlib
import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.mood.circumplex import MOODS, QUADRANTS
from moodstream_train import corpora
from moodstream_train.corpora import Clip, Corpus, CorpusError, Sex
from moodstream_train.dataset import splits

CORPORA: tuple[Corpus, ...] = ("speech", "song", "cremad", "music", "emopia", "own")
PREFIXES = {
    "speech": "actor",
    "song": "actor",
    "cremad": "cremad",
    "music": "artist",
    "emopia": "emopia",
    "own": "own",
}
VOICES = ("speech", "song", "cremad")


def clip(corpus: Corpus, number: int, i: int, sex: Sex | None = None) -> Clip:
    """The i-th clip of an actor, artist, song or group, which are numbered."""
    group = f"{PREFIXES[corpus]} {number:02}"
    label = MOODS[i % 6] if corpus in VOICES else QUADRANTS[(i + number) % 4]
    return Clip(Path(f"{corpus}-{number}-{i}.wav"), corpus, group, (0,), label, sex)


def sex_of_actor(number: int) -> Sex:
    return "male" if number % 2 else "female"


def miniature(*, known: bool = True) -> list[Clip]:
    """All corpora, with groups of one to five clips."""
    numbers: dict[Corpus, range] = {
        "speech": range(1, 25),
        "song": range(1, 25),
        "cremad": range(1001, 1092),
        "music": range(60),
        "emopia": range(50),
        "own": range(40),
    }
    return [
        clip(corpus, number, i, sex_of_actor(number) if known and corpus in VOICES else None)
        for corpus in CORPORA
        for number in numbers[corpus]
        for i in range(1 + number % 5)
    ]


CLIPS = miniature()


@pytest.fixture(scope="module")
def clips(data: Path) -> list[Clip]:
    return corpora.load(data, ["ravdess", "4q"])[0]


@pytest.mark.parametrize("corpus", CORPORA)
def test_no_group_is_on_two_sides_and_each_clip_is_tested_once(corpus: Corpus) -> None:
    tested: list[int] = []
    for fold in range(splits.FOLD_COUNT):
        made = splits.split(CLIPS, fold)
        assert sorted(made.train + made.inner + made.test) == list(range(len(CLIPS)))
        sides = [
            {CLIPS[i].group for i in side if CLIPS[i].corpus == corpus}
            for side in (made.train, made.inner, made.test)
        ]
        assert all(sides)
        assert sum(map(len, sides)) == len(set.union(*sides))
        tested += [i for i in made.test if CLIPS[i].corpus == corpus]
    assert sorted(tested) == [i for i, one in enumerate(CLIPS) if one.corpus == corpus]


NUMBERS = {
    "speech": st.integers(1, 24),
    "song": st.integers(1, 24),
    "cremad": st.integers(1001, 1091),
}


@given(
    drawn=st.lists(
        st.sampled_from(CORPORA).flatmap(
            lambda corpus: st.tuples(
                st.just(corpus), NUMBERS.get(corpus, st.integers(0, 12)), st.integers(0, 7)
            )
        ),
        max_size=60,
    ),
    known=st.booleans(),
)
def test_whatever_the_groups_no_one_is_on_two_sides(
    drawn: list[tuple[Corpus, int, int]], known: bool
) -> None:
    some = [
        clip(corpus, number, i, sex_of_actor(number) if known else None)
        for corpus, number, i in drawn
    ]
    tested: list[int] = []
    for fold in range(splits.FOLD_COUNT):
        made = splits.split(some, fold)  # which checks it
        assert sorted(made.train + made.inner + made.test) == list(range(len(some)))
        tested += made.test
    assert sorted(tested) == list(range(len(some)))


def test_the_folds_of_ravdess_and_4q_are_those_of_earlier_figures() -> None:
    """A hash of the assignment, so that figures of different days can be compared."""
    older = [clip(corpus, n, i) for n in range(1, 25) for i in range(3) for corpus in VOICES[:2]]
    older += [
        Clip(Path(f"{i}.wav"), "music", f"artist {i * i % 37}", (0,), QUADRANTS[i * 7 // 3 % 4])
        for i in range(200)
    ]
    folds = splits.fold_of_groups(older)
    written = json.dumps(sorted(folds.items())).encode()
    assert hashlib.sha256(written).hexdigest().startswith("56863a75a19c3a2b220a8b61bf2850e3")
    others = [one for one in CLIPS if one.corpus in {"cremad", "emopia", "own"}]
    assert folds.items() <= splits.fold_of_groups(others + older).items()


def test_actors_are_held_out_as_published(clips: list[Clip]) -> None:
    made = splits.split(clips, 4)
    actors = {clips[i].group for i in made.test if clips[i].corpus != "music"}
    assert actors == {"actor 01", "actor 04", "actor 09", "actor 22"}
    assert sorted(sum(splits.ACTOR_FOLDS, ())) == list(range(1, 25))


def test_actors_of_cremad_go_by_their_number() -> None:
    made = splits.split(CLIPS, 3)
    actors = {CLIPS[i].group for i in made.test if CLIPS[i].corpus == "cremad"}
    assert actors == {f"cremad {number}" for number in range(1003, 1092, 5)}


def calibrating(some: list[Clip], fold: int, corpus: Corpus) -> set[str]:
    return {some[i].group for i in splits.split(some, fold).inner if some[i].corpus == corpus}


@pytest.mark.parametrize(("corpus", "each"), [("speech", 1), ("song", 1), ("cremad", 2)])
def test_as_many_women_as_men_calibrate_and_others_in_each_fold(corpus: Corpus, each: int) -> None:
    seen = set()
    for fold in range(splits.FOLD_COUNT):
        groups = calibrating(CLIPS, fold, corpus)
        sexes = Counter(int(group.split()[1]) % 2 for group in groups)
        assert sexes == {0: each, 1: each}
        seen.add(frozenset(groups))
    assert len(seen) == splits.FOLD_COUNT


def test_as_many_calibrate_where_their_sex_is_not_known() -> None:
    unknown = miniature(known=False)
    for fold in range(splits.FOLD_COUNT):
        assert len(calibrating(unknown, fold, "cremad")) == 4
        assert len(calibrating(unknown, fold, "speech")) == 2


@pytest.mark.parametrize(("corpus", "groups"), [("music", 60), ("emopia", 50), ("own", 40)])
def test_a_tenth_of_the_other_groups_calibrates(corpus: Corpus, groups: int) -> None:
    for fold in range(splits.FOLD_COUNT):
        count = len(calibrating(CLIPS, fold, corpus))
        assert abs(count - groups * 4 / 5 / splits.INNER_SHARE) <= 1


@pytest.mark.parametrize("corpus", splits.BALANCED)
def test_folds_are_balanced_in_size_and_quadrant(corpus: Corpus) -> None:
    folds = splits.fold_of_groups(CLIPS)
    counts: list[Counter[str]] = [Counter() for _ in range(splits.FOLD_COUNT)]
    for one in CLIPS:
        if one.corpus == corpus:
            counts[folds[one.group]][one.label] += 1
    for label in QUADRANTS:
        shares = [count[label] for count in counts]
        assert max(shares) - min(shares) <= 5  # the clips of a group


def test_each_clip_of_music_is_tested_once_and_quadrants_are_balanced(clips: list[Clip]) -> None:
    tested = [
        [clips[i] for i in splits.split(clips, fold).test if clips[i].corpus == "music"]
        for fold in range(splits.FOLD_COUNT)
    ]
    names = [clip.name for fold in tested for clip in fold]
    assert len(names) == len(set(names)) == 40
    for fold in tested:
        assert set(Counter(clip.label for clip in fold).values()) == {2}


def test_the_order_of_the_clips_changes_nothing() -> None:
    assert splits.fold_of_groups(CLIPS) == splits.fold_of_groups(CLIPS[::-1])


def test_a_group_on_two_sides_is_refused() -> None:
    one = clip("song", 1, 0)
    with pytest.raises(splits.SplitError, match="actor 01"):
        splits.check_disjoint([one, one], splits.Split((0,), (), (1,)))


def test_the_final_model_trains_on_everything() -> None:
    assert splits.split(CLIPS, None) == splits.Split(tuple(range(len(CLIPS))), (), ())


def clips_of(*counts: int) -> list[Clip]:
    """So many clips of each of the first moods, the moods one after the other."""
    return [
        Clip(Path(f"{mood}-{i}.wav"), "song", f"actor {i:02}", (mood,), MOODS[mood])
        for mood, count in enumerate(counts)
        for i in range(count)
    ]


@given(
    counts=st.lists(st.integers(12, 60), min_size=1, max_size=8),
    share=st.floats(0.1, 0.8),
    seed=st.integers(0, 2**32),
)
def test_each_label_is_on_both_sides_in_proportion(
    counts: list[int], share: float, seed: int
) -> None:
    clips = clips_of(*counts)
    train, test = splits.random_split(clips, share, seed)
    assert sorted([*train, *test]) == list(range(len(clips)))
    assert len(test) == math.ceil(share * len(clips))
    tested = Counter(clips[i].label for i in test)
    assert {clips[i].label for i in train} == tested.keys() == {clip.label for clip in clips}
    for mood, count in enumerate(counts):
        assert abs(tested[MOODS[mood]] - count * len(test) / len(clips)) < 1


@pytest.mark.parametrize(("share", "test_n"), [(0.20, 203), (0.25, 253)])
def test_the_sizes_are_those_of_the_figures_to_compare_with(share: float, test_n: int) -> None:
    ravdess_song = clips_of(92, 184, 184, 184, 184, 184)
    train, test = splits.random_split(ravdess_song, share, 1)
    assert (len(train), len(test)) == (1012 - test_n, test_n)


def test_the_seed_decides_who_is_tested() -> None:
    clips = clips_of(40, 30, 20)
    one, again, other = (splits.random_split(clips, 0.2, seed)[1] for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_singers_are_on_both_sides() -> None:
    clips = clips_of(*[24] * 6)
    train, test = splits.random_split(clips, 0.25, 1)
    assert {clips[i].group for i in train} & {clips[i].group for i in test}


def test_a_label_that_is_too_rare_is_named() -> None:
    with pytest.raises(CorpusError, match=r"31 clips, 20% to test on: too few of calm"):
        splits.random_split(clips_of(30, 1), 0.2, 1)
