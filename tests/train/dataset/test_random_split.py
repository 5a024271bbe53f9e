"""As many of each label as its share, and nobody twice."""

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.mood.circumplex import MOODS
from moodstream_train.corpora import Clip, CorpusError
from moodstream_train.dataset import random_split


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
    train, test = random_split.stratified(clips, share, seed)
    assert sorted([*train, *test]) == list(range(len(clips)))
    assert len(test) == math.ceil(share * len(clips))
    tested = Counter(clips[i].label for i in test)
    assert {clips[i].label for i in train} == tested.keys() == {clip.label for clip in clips}
    for mood, count in enumerate(counts):
        assert abs(tested[MOODS[mood]] - count * len(test) / len(clips)) < 1


@pytest.mark.parametrize(("share", "test_n"), [(0.20, 203), (0.25, 253)])
def test_the_sizes_are_those_of_the_figures_to_compare_with(share: float, test_n: int) -> None:
    ravdess_song = clips_of(92, 184, 184, 184, 184, 184)
    train, test = random_split.stratified(ravdess_song, share, 1)
    assert (len(train), len(test)) == (1012 - test_n, test_n)


def test_the_seed_decides() -> None:
    clips = clips_of(40, 30, 20)
    one, again, other = (random_split.stratified(clips, 0.2, seed)[1] for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_singers_are_on_both_sides() -> None:
    clips = clips_of(*[24] * 6)
    train, test = random_split.stratified(clips, 0.25, 1)
    assert {clips[i].group for i in train} & {clips[i].group for i in test}


def test_a_label_that_is_too_rare_is_named() -> None:
    with pytest.raises(CorpusError, match=r"31 clips, 20% to test on: too few of calm"):
        random_split.stratified(clips_of(30, 1), 0.2, 1)
