"""Examples look like what the runtime will show the models."""

from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np
import pytest

from moodstream.mood.circumplex import MOODS
from moodstream_train.corpora import Clip
from moodstream_train.dataset import features
from moodstream_train.dataset.examples import Batch, Examples
from moodstream_train.dataset.features import Features
from moodstream_train.dataset.inputs import Prior, clip_windows
from moodstream_train.dataset.targets import targets
from moodstream_train.recipe import Augmentation
from moodstream_train.training.train import prior_of
from tests.train.conftest import TINY

PLAIN = Augmentation(
    variant_share=0,
    gain_share=0,
    segment_gain_db=0,
    channel_db=0,
    stretch=0,
    warp=0,
    room_share=0,
    masks_a_second=0,
    mixup=0,
)
"""Nothing changes."""
MOOD_N = len(MOODS)


def masks_of(batch: Batch) -> np.ndarray:
    """Right moods, of the example itself where two are mixed."""
    return batch.targets["logits"][..., :MOOD_N]


def weights_of(batch: Batch) -> np.ndarray:
    """Weights of the moods; the last axis is that of the two examples that are mixed."""
    return batch.targets["logits"][..., MOOD_N :: MOOD_N + 1]


@pytest.fixture(scope="module")
def prior(all_clips: list[Clip], all_features: Sequence[Features]) -> Prior:
    return prior_of(all_features[0], all_clips, range(len(all_clips)), TINY)


@pytest.fixture(scope="module")
def plain(all_clips: list[Clip], all_features: Sequence[Features], prior: Prior) -> Examples:
    everyone = range(len(all_clips))
    return Examples(all_clips, all_features[:1], everyone, prior, TINY, varied=False)


@pytest.fixture(scope="module")
def varied(all_clips: list[Clip], all_features: Sequence[Features], prior: Prior) -> Examples:
    everyone = range(len(all_clips))
    return Examples(all_clips, all_features, everyone, prior, TINY, varied=True)


def test_windows_drawn_without_augmentation_are_those(
    all_clips: list[Clip], all_features: Sequence[Features], prior: Prior, plain: Examples
) -> None:
    known = [clip_windows(all_features[0], i, prior, TINY) for i in range(len(all_clips))]
    owners = np.repeat(np.arange(len(known)), [len(windows) for windows, _ in known])
    windows, textures = (np.concatenate(each) for each in zip(*known, strict=True))
    of_clips = targets(all_clips)
    rng = np.random.default_rng(0)
    drawn = set()
    for _ in range(20):
        batch = plain.windows(rng)
        said = batch.targets
        for i, (frames, texture) in enumerate(zip(*batch.inputs, strict=True)):
            nearest = int(np.abs(windows - frames).max(axis=(1, 2)).argmin())
            np.testing.assert_allclose(frames, windows[nearest], atol=1e-5)
            np.testing.assert_allclose(texture, textures[nearest], atol=1e-5)
            own = owners[nearest]
            assert np.array_equal(masks_of(batch)[i], of_clips.moods[own])
            assert weights_of(batch)[i].tolist() == [of_clips.mood_weights[own], 0]
            for name in ("heard", "place"):
                values, weights = getattr(of_clips, name), getattr(of_clips, f"{name}_weights")
                np.testing.assert_allclose(said[name][i, 2:], weights[own], atol=1e-6)
                sure = weights[own] > 0
                np.testing.assert_allclose(said[name][i, :2][sure], values[own][sure], atol=1e-6)
            drawn.add(nearest)
    corpora_drawn = {all_clips[owners[nearest]].corpus for nearest in drawn}
    assert corpora_drawn >= {"speech", "song", "cremad", "music"}
    assert len(drawn) > 60
    of_longer = [k for k in drawn if len(known[owners[k]][0]) == 2]
    first = [owners[k] != owners[k - 1] for k in of_longer]
    assert 0.3 < np.mean(first) < 0.7


def test_corpora_are_drawn_by_their_shares_and_labels_evenly(
    all_clips: list[Clip], all_features: Sequence[Features], prior: Prior
) -> None:
    many = replace(TINY, cnn=replace(TINY.cnn, schedule=replace(TINY.cnn.schedule, batch=4000)))
    everyone = range(len(all_clips))
    drawer = Examples(all_clips, all_features[:1], everyone, prior, many, varied=False)
    masks = masks_of(drawer.windows(np.random.default_rng(0)))
    total = sum(asdict(TINY.shares).values())
    shares = {name: share / total for name, share in asdict(TINY.shares).items()}
    right = masks.sum(axis=1)
    moodless = shares["noise"] + shares["sounds"]
    assert (right == 0).mean() == pytest.approx(moodless, abs=0.02)
    # The third quadrant is sad alone, so a quarter of the music looks like a voice.
    assert (right > 1).mean() == pytest.approx(0.75 * shares["music"], abs=0.03)
    sad = masks[:, MOODS.index("sad")].mean()
    of_voices = shares["speech"] / 8 + (shares["song"] + shares["cremad"]) / 6
    assert sad == pytest.approx(of_voices + shares["music"] / 4, abs=0.03)


def test_augmented_windows_are_finite_and_mixup_shares_sum_to_one(varied: Examples) -> None:
    rng = np.random.default_rng(0)
    for _ in range(10):
        batch = varied.windows(rng)
        frames, texture = batch.inputs
        assert frames.shape == (8, 64, 40)
        assert texture.shape == (8, len(varied._prior.texture_mean))
        assert frames.dtype == texture.dtype == np.float32
        assert {name: values.shape for name, values in batch.targets.items()} == {
            "logits": (8, 18),
            "heard": (8, 4),
            "place": (8, 4),
        }
        assert (weights_of(batch).sum(axis=1) <= 1 + 1e-6).all()
        assert np.isfinite(frames).all()
        assert np.isfinite(texture).all()


def test_a_sequence_asks_for_nothing_just_after_its_start_and_after_a_change(
    varied: Examples,
) -> None:
    rng = np.random.default_rng(0)
    settle = notice = 4  # steps: half a second
    changes = 0
    for _ in range(10):
        batch = varied.sequences(rng)
        (frames,) = batch.inputs
        assert frames.shape == (4, 16, 320)
        assert np.isfinite(frames).all()
        assert set(weights_of(batch).ravel().tolist()) == {0, 1}
        assert not batch.targets["heard"][:, :notice, 2:].any()
        for mask, weight in zip(masks_of(batch), weights_of(batch), strict=True):
            moved = 1 + np.flatnonzero((mask[1:] != mask[:-1]).any(axis=1))
            changes += len(moved)
            assert len(moved) <= 1
            for begin in (0, *moved):
                assert not weight[begin : begin + settle].any()
    assert changes


def test_the_same_seed_draws_the_same_batch(varied: Examples, plain: Examples) -> None:
    for draw in (varied.windows, varied.sequences, plain.windows, plain.sequences):
        one, other = draw(np.random.default_rng(3)), draw(np.random.default_rng(3))
        for a, b in zip(one.inputs, other.inputs, strict=True):
            assert np.array_equal(a, b)
        for name, values in one.targets.items():
            assert np.array_equal(values, other.targets[name])


def test_a_corpus_that_is_not_on_this_side_is_not_drawn(
    all_clips: list[Clip], all_features: Sequence[Features], prior: Prior
) -> None:
    music = [i for i, clip in enumerate(all_clips) if clip.corpus == "music"]
    alone = Examples(all_clips, all_features, music, prior, TINY, varied=True)
    masks = masks_of(alone.windows(np.random.default_rng(0)))
    right = {tuple(np.flatnonzero(mask)) for mask in masks}
    assert right <= {all_clips[i].moods for i in music}


def test_the_prior_standardises_corpora_by_their_shares(
    all_clips: list[Clip], all_features: Sequence[Features], prior: Prior
) -> None:
    source = all_features[0]
    scaled = features.normalised(source.textures, prior.mean, prior.std, len(TINY.texture.lags))
    standard = (scaled - prior.texture_mean) / prior.texture_std
    weights = np.zeros(len(standard))
    for corpus, share in asdict(TINY.shares).items():
        own = np.zeros(len(standard))
        for i, clip in enumerate(all_clips):
            sounds = clip.moods or 1.0 in (clip.voice, clip.music)
            if clip.corpus == corpus and sounds:
                own[source.hops(i)] = share
        weights += own / max(1, (own > 0).sum())
    assert np.allclose(np.average(standard, axis=0, weights=weights), 0, atol=1e-2)
    assert (np.average(standard**2, axis=0, weights=weights) < 1.02).all()
    assert (prior.texture_std > 0).all()


def test_a_mixture_asks_for_both_by_their_shares(
    all_clips: list[Clip], all_features: Sequence[Features], prior: Prior
) -> None:
    """Each example of the side has the same targets, so a mixture has them, too."""
    speech = [i for i, clip in enumerate(all_clips) if clip.corpus == "speech"]
    recipe = replace(TINY, augmentation=replace(PLAIN, mixup=0.5))
    drawer = Examples(all_clips, all_features[:1], speech, prior, recipe, varied=True)
    batch = drawer.windows(np.random.default_rng(0))
    weights = weights_of(batch)
    assert np.allclose(weights.sum(axis=1), 1)
    assert ((weights > 0.05).all(axis=1)).any()
    assert np.allclose(batch.targets["heard"], [1, 0, 1, 1])
    own, other = masks_of(batch), batch.targets["logits"][:, MOOD_N + 1 : -1]
    assert (own.sum(axis=1) == 1).all()
    assert (other.sum(axis=1) == 1).all()
    assert not np.array_equal(own, other)


def test_a_background_that_may_be_heard_is_a_target(
    all_clips: list[Clip], all_features: Sequence[Features], prior: Prior
) -> None:
    """Only the variant of a clip has music behind it."""
    speech = [i for i, clip in enumerate(all_clips) if clip.corpus == "speech"]
    unknown = np.full_like(all_features[1].heard, -1)
    unknown[:, 0] = 1
    behind = replace(all_features[1], heard=unknown)
    for share, asked in ((0.0, [1, 0, 1, 1]), (1.0, [1, 0, 1, 0])):
        recipe = replace(TINY, augmentation=replace(PLAIN, variant_share=share))
        drawer = Examples(all_clips, [all_features[0], behind], speech, prior, recipe, varied=True)
        for draw in (drawer.windows, drawer.sequences):
            said = draw(np.random.default_rng(0)).targets["heard"].reshape(-1, 4)
            late = said[said[:, 2] > 0]
            assert len(late)
            assert (late == asked).all()
