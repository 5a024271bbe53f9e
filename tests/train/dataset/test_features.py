"""Cached features are those of the runtime."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from moodstream.audio.hops import Hops
from moodstream.features import texture
from moodstream.features.chroma import Chroma
from moodstream.features.mfcc import Mfcc
from moodstream.features.silence import level_dbfs
from moodstream.features.texture import Texture, TextureSpec
from moodstream_train import corpora
from moodstream_train.corpora import Clip
from moodstream_train.dataset import features, surroundings
from moodstream_train.dataset.features import Features
from moodstream_train.dataset.statistics import audible, statistics
from moodstream_train.dataset.surroundings import Around
from moodstream_train.recipe import Recipe
from tests.support.hearing import describe
from tests.train.conftest import ignore


@pytest.fixture(scope="module")
def clips(all_clips: list[Clip]) -> list[Clip]:
    """Of each corpus some, shorter and longer than the texture window."""
    return all_clips[::9]


@pytest.fixture
def loaded(clips: list[Clip], tiny: Recipe, cache: Path, in_threads: None) -> Features:
    return features.load(clips, tiny, 0, cache, ignore)


def refuse(done: int, of: int) -> None:
    raise AssertionError(f"computed again: {done} of {of}")


def chroma_of(clip: Clip, recipe: Recipe) -> np.ndarray:
    rate = recipe.features.sample_rate
    return Chroma(recipe.chroma, rate).process(corpora.read(clip, rate))


def test_hop_by_hop_they_are_those_of_the_runtime(
    clips: list[Clip], loaded: Features, tiny: Recipe
) -> None:
    spec, chroma_spec = tiny.features, tiny.chroma
    hop_n = tiny.hop_frames * spec.hop_length
    width = texture.width(spec.n_mfcc, tiny.texture.lags)
    plain = TextureSpec(tiny.texture.length, tiny.texture.lags, (0.0,) * width, (1.0,) * width)
    lengths = set()
    for i, clip in enumerate(clips):
        mfcc, chroma = Mfcc(spec), Chroma(chroma_spec, spec.sample_rate)
        heard = Texture(plain, spec, chroma_spec)
        hops = Hops(hop_n, tiny.rnn.step_frames * spec.hop_length)
        frames, textures, levels = [], [], []
        for hop in [*hops.process(corpora.read(clip, spec.sample_rate)), *hops.flush()]:
            frames.append(mfcc.process(hop))
            heard.push(frames[-1], chroma.process(hop))
            textures.append(heard.view())
            levels.append(level_dbfs(hop))
        assert np.allclose(loaded.clip(i), np.concatenate(frames), atol=1e-4)
        assert np.allclose(loaded.textures[loaded.hops(i)], np.stack(textures), atol=1e-3)
        assert np.allclose(loaded.levels[loaded.hops(i)], levels, atol=1e-4)
        lengths.add(len(frames[-1]))
    assert len(lengths) > 1  # whole hops, and what is left of one


def test_the_textures_of_normalised_frames_follow_from_those_of_frames(
    clips: list[Clip], loaded: Features, tiny: Recipe
) -> None:
    everyone = range(len(clips))
    mean, std = statistics(loaded, everyone, tiny)
    # Of another mean and deviation for each hop, too.
    rng = np.random.default_rng(0)
    shape = (len(loaded.textures), len(mean))
    means = (mean + 30 * rng.standard_normal(shape)).astype(np.float32)
    stds = (std * rng.uniform(0.5, 2, shape)).astype(np.float32)
    lags, hop = tiny.texture.lags, tiny.hop_frames
    of_all = features.normalised(loaded.textures, mean, std, len(lags))
    of_each = features.normalised(loaded.textures, means, stds, len(lags))
    for i in everyone:
        chroma, frames = chroma_of(clips[i], tiny), loaded.clip(i)
        for k in range(loaded.hops(i).start, loaded.hops(i).stop):
            end = min((k - loaded.hops(i).start + 1) * hop, len(frames))
            first = max(0, end - tiny.texture.length)
            own = chroma[first // 8 : end // 8]
            for found, by in ((of_all, (mean, std)), (of_each, (means[k], stds[k]))):
                expected = describe((frames[first:end] - by[0]) / by[1], own, lags)
                assert np.allclose(found[k], expected, rtol=1e-4, atol=1e-3)


def test_normalising_leaves_the_stored_textures_as_they_are(loaded: Features, tiny: Recipe) -> None:
    before = loaded.textures.copy()
    ones = np.full(40, 2, np.float32)
    features.normalised(loaded.textures, ones, ones, len(tiny.texture.lags))
    assert np.array_equal(loaded.textures, before)


@pytest.mark.parametrize("variant", [0, 1])
def test_the_second_time_they_come_from_the_cache(
    clips: list[Clip], tiny: Recipe, tmp_path: Path, in_threads: None, variant: int
) -> None:
    two = [clips[0], clips[-1]]
    first = features.load(two, tiny, variant, tmp_path, ignore)
    second = features.load(two, tiny, variant, tmp_path, refuse)
    for name in ("frames", "starts", "textures", "levels", "heard", "hop_starts"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
    assert len(list(tmp_path.iterdir())) == 2  # a corpus each


def test_an_interrupted_computation_keeps_its_complete_blocks(
    clips: list[Clip],
    tiny: Recipe,
    tmp_path: Path,
    in_threads: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(features, "BLOCK", 2)
    by_corpus = [[clip for clip in clips if clip.corpus == name] for name in ("speech", "music")]
    own = [*by_corpus[0][:2], *by_corpus[1][:3]]

    def interrupt(done: int, of: int) -> None:
        assert of == 5
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        features.load(own, tiny, 0, tmp_path, interrupt)
    counted = []
    features.load(own, tiny, 0, tmp_path, lambda done, of: counted.append((done, of)))
    assert counted == [(1, 1)]


@pytest.mark.parametrize("blas_threads", ["1", "2", "4"])
def test_processes_compute_what_threads_do(
    clips: list[Clip],
    loaded: Features,
    tiny: Recipe,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    blas_threads: str,
) -> None:
    """Whatever the number of threads that OpenBLAS starts with, which changes its rounding."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", blas_threads)
    monkeypatch.setattr(features, "ProcessPoolExecutor", ProcessPoolExecutor)
    found = features.load(clips[:1], tiny, 0, tmp_path, ignore)
    assert np.array_equal(found.clip(0), loaded.clip(0))
    assert np.array_equal(found.textures, loaded.textures[loaded.hops(0)])


def test_other_settings_have_another_key(clips: list[Clip], tiny: Recipe) -> None:
    louder = replace(tiny, variants=replace(tiny.variants, noise_db=(0.0, 5.0)))
    finer = replace(tiny, features=replace(tiny.features, n_mfcc=20))
    longer = replace(tiny, texture=replace(tiny.texture, length=128))
    shorter = replace(tiny, limits=replace(tiny.limits, clip_s=1.0))
    more = replace(tiny, variants=replace(tiny.variants, count=3))
    near = surroundings.around(clips, [])
    furnished = surroundings.around(clips, [Path("hall.flac")])

    def key(recipe: Recipe, variant: int, of: int = 0, around: Around = near) -> str:
        return features.key(clips[of:], recipe, variant, around)

    assert key(tiny, 0) == key(louder, 0) == key(tiny, 0, around=furnished)
    assert key(tiny, 1) == key(more, 1)
    keys = {key(tiny, 0), key(tiny, 1), key(louder, 1), key(finer, 0), key(longer, 0)}
    keys |= {key(tiny, 0, of=1), key(shorter, 0), key(tiny, 1, around=furnished)}
    assert len(keys) == 8


def test_what_is_heard_is_kept_with_the_features(clips: list[Clip], loaded: Features) -> None:
    known = {None: -1, 0.0: 0, 1.0: 1}
    assert loaded.heard.tolist() == [[known[clip.voice], known[clip.music]] for clip in clips]


def test_a_long_clip_is_cut_at_the_limit(
    clips: list[Clip], tiny: Recipe, tmp_path: Path, in_threads: None
) -> None:
    brief = replace(tiny, limits=replace(tiny.limits, clip_s=0.5))
    loaded = features.load(clips[:2], brief, 0, tmp_path, ignore)
    assert [loaded.length(i) for i in range(2)] == [32, 32]


def test_variants_differ_from_the_clip_and_are_the_same_each_time(
    clips: list[Clip], loaded: Features, tiny: Recipe, tmp_path: Path, in_threads: None
) -> None:
    variant = features.load(clips[:2], tiny, 1, tmp_path / "a", ignore)
    again = features.load(clips[:2], tiny, 1, tmp_path / "b", ignore)
    assert np.array_equal(variant.frames, again.frames)
    assert np.isfinite(variant.frames).all()
    assert np.isfinite(variant.textures).all()
    length = min(variant.length(0), loaded.length(0))
    assert not np.allclose(variant.clip(0)[:length], loaded.clip(0)[:length], atol=1)


def test_statistics_are_of_the_audible_frames_of_the_given_clips(
    loaded: Features, tiny: Recipe
) -> None:
    heard = np.concatenate([loaded.clip(i)[audible(loaded, i, tiny)] for i in (0, 2)])
    mean, std = statistics(loaded, [0, 2], tiny)
    assert np.allclose(mean, heard.mean(axis=0), atol=1e-3)
    assert np.allclose(std, heard.std(axis=0), atol=1e-3)


def test_silence_is_not_audible_and_teaches_nothing(tiny: Recipe) -> None:
    frames = np.repeat(np.float32([7, 1, 3]), tiny.hop_frames)[:90, None]
    made = Features(
        frames=frames,
        starts=np.array([0, 90]),
        textures=np.zeros((3, 4), np.float32),
        levels=np.float32([-90, -20, -20]),
        heard=np.zeros((1, 2), np.float32),
        hop_starts=np.array([0, 3]),
    )
    assert audible(made, 0, tiny).tolist() == [False] * 32 + [True] * 58
    mean, _ = statistics(made, [0], tiny)
    assert mean[0] == pytest.approx((32 + 3 * 26) / 58)
    still = replace(tiny, silence=replace(tiny.silence, stationary=3.8))
    assert not audible(made, 0, still)[:64].any()  # the third moves, against the second
    silent = replace(made, levels=np.full(3, -90, np.float32))
    assert [float(value[0]) for value in statistics(silent, [0], tiny)] == [0, 1]
