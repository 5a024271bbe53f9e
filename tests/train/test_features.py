"""Cached features are those of the runtime."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from moodstream.mfcc import Mfcc
from moodstream.silence import level_dbfs
from moodstream_train import corpora, features
from moodstream_train.corpora import Clip
from moodstream_train.recipe import Recipe


@pytest.fixture(scope="module")
def clips(data: Path) -> list[Clip]:
    return corpora.load(data)[0][::9]


def ignore(_done: int, _of: int) -> None:
    """No progress is wanted."""


def refuse(done: int, of: int) -> None:
    raise AssertionError(f"computed again: {done} of {of}")


def test_frames_are_those_of_the_runtime(clips: list[Clip], tiny: Recipe, cache: Path) -> None:
    loaded = features.load(clips, tiny, 0, cache, ignore)
    for i, clip in enumerate(clips):
        samples = corpora.read(clip, tiny.features.sample_rate)
        assert np.array_equal(loaded.clip(i), Mfcc(tiny.features).process(samples))
        assert loaded.length(i) == len(samples) // tiny.features.hop_length
        first = loaded.levels[loaded.starts[i]]
        assert first == pytest.approx(level_dbfs(samples[:8000]), abs=1e-3)


@pytest.mark.parametrize("variant", [0, 1])
def test_the_second_time_they_come_from_the_cache(
    clips: list[Clip], tiny: Recipe, tmp_path: Path, variant: int
) -> None:
    first = features.load(clips[:3], tiny, variant, tmp_path, ignore)
    second = features.load(clips[:3], tiny, variant, tmp_path, refuse)
    assert np.array_equal(first.frames, second.frames)
    assert np.array_equal(first.starts, second.starts)
    assert len(list(tmp_path.iterdir())) == 1


def test_other_settings_have_another_key(clips: list[Clip], tiny: Recipe) -> None:
    louder = replace(tiny, variants=replace(tiny.variants, noise_db=(0.0, 5.0)))
    finer = replace(tiny, features=replace(tiny.features, n_mfcc=20))
    assert features.key(clips, tiny, 0) == features.key(clips, louder, 0)
    keys = {features.key(clips, tiny, 0), features.key(clips, tiny, 1)}
    keys |= {features.key(clips, louder, 1), features.key(clips, finer, 0)}
    keys |= {features.key(clips[1:], tiny, 0)}
    assert len(keys) == 5


def test_variants_differ_from_the_clip_and_are_the_same_each_time(
    clips: list[Clip], tiny: Recipe, tmp_path: Path
) -> None:
    original = features.load(clips[:2], tiny, 0, tmp_path / "a", ignore)
    variant = features.load(clips[:2], tiny, 1, tmp_path / "a", ignore)
    again = features.load(clips[:2], tiny, 1, tmp_path / "b", ignore)
    assert np.array_equal(variant.frames, again.frames)
    assert np.isfinite(variant.frames).all()
    assert variant.frames.shape != original.frames.shape


def test_the_prior_is_of_the_audible_frames_of_the_given_clips(
    clips: list[Clip], tiny: Recipe, cache: Path
) -> None:
    loaded = features.load(clips, tiny, 0, cache, ignore)
    heard = np.concatenate([loaded.clip(i)[features.audible(loaded, i, tiny)] for i in (0, 2)])
    prior = features.normalisation(loaded, [0, 2], tiny)
    assert np.allclose(prior.mean, heard.mean(axis=0), atol=1e-3)
    assert np.allclose(prior.std, heard.std(axis=0), atol=1e-3)
    assert prior.prior_frames == tiny.prior_frames


def test_silence_is_not_audible(tiny: Recipe) -> None:
    levels = np.repeat(np.float32([-90, -20, -20]), tiny.hop_frames)
    made = features.Features(np.zeros((96, 40), np.float32), levels, np.array([0, 96]))
    assert features.audible(made, 0, tiny).tolist() == [False] * 32 + [True] * 64
