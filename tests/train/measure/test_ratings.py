"""The published valence and arousal are compared with ratings, corpus by corpus."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from moodstream_train.corpora.clip import Clip
from moodstream_train.measure.ratings import FEWEST, agreement
from moodstream_train.measure.verdict import Verdict

SCORES = [[0.125] * 8] * 3


def rated(n: int, noise: float) -> tuple[list[Clip], list[Verdict]]:
    rng = np.random.default_rng(n)
    clips, verdicts = [], []
    for i in range(n):
        valence, arousal = rng.uniform(-1, 1, 2)
        clips.append(
            Clip(Path(f"{i}.wav"), "musifeast", "a", (0,), "Q1", valence=valence, arousal=arousal)
        )
        place = (valence + noise * rng.normal(), -arousal)
        verdicts.append(Verdict(str(i), "musifeast", "a", None, "Q1", SCORES, place))
    return clips, verdicts


def test_what_follows_the_ratings_correlates_with_them_and_the_contrary_does_so_negatively() -> (
    None
):
    clips, verdicts = rated(400, noise=0.0)
    found = agreement(clips, verdicts)["musifeast"]
    assert (found.clips, found.valence, found.arousal) == (400, 1.0, -1.0)


def test_noise_lowers_the_correlation_as_statistics_say() -> None:
    found = agreement(*rated(4000, noise=1.0))["musifeast"]
    # The variance of the ratings is 1/3, that of the noise 1.
    assert found.valence == pytest.approx(np.sqrt((1 / 3) / (1 / 3 + 1)), abs=0.03)


def test_silent_and_unrated_clips_and_corpora_with_few_do_not_count() -> None:
    clips, verdicts = rated(FEWEST + 2, noise=0.1)
    verdicts[0] = replace(verdicts[0], scores=None, place=None)
    clips[1] = replace(clips[1], valence=None)
    assert agreement(clips, verdicts)["musifeast"].clips == FEWEST
    verdicts[2] = replace(verdicts[2], scores=None, place=None)
    assert agreement(clips, verdicts) == {}
