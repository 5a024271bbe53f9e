"""Examples look like what the runtime will show the models."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from moodstream.features.mfcc import Mfcc
from moodstream.features.normalise import NormalisationSpec, Normaliser
from moodstream.mood.circumplex import MOODS
from moodstream_train.corpora import Clip
from moodstream_train.dataset import features
from moodstream_train.dataset.examples import Examples
from moodstream_train.dataset.features import Features
from moodstream_train.dataset.inputs import Prior, clip_windows, masks_of
from moodstream_train.recipe import Augmentation, Recipe, Variants
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
BANDS = TINY.features.n_mels


@pytest.fixture(scope="module")
def prior(all_clips: list[Clip], all_features: Sequence[Features]) -> Prior:
    return prior_of(all_features[0], range(len(all_clips)), TINY)


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
    masks = masks_of(all_clips)
    rng = np.random.default_rng(0)
    drawn = set()
    for _ in range(20):
        batch = plain.windows(rng)
        assert (batch.weights == 1).all()
        for frames, texture, mask in zip(*batch.inputs, batch.masks[0], strict=True):
            nearest = int(np.abs(windows - frames).max(axis=(1, 2)).argmin())
            np.testing.assert_allclose(frames, windows[nearest], atol=1e-5)
            np.testing.assert_allclose(texture, textures[nearest], atol=1e-5)
            assert np.array_equal(mask, masks[owners[nearest]])
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
    masks = drawer.windows(np.random.default_rng(0)).masks[0]
    shares = {name: share / 1.04 for name, share in asdict(TINY.shares).items()}
    right = masks.sum(axis=1)
    assert (right == 0).mean() == pytest.approx(shares["noise"], abs=0.02)
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
        assert batch.masks.shape == (2, 8, 8)
        assert np.allclose(batch.weights.sum(axis=0), 1)
        assert np.isfinite(frames).all()
        assert np.isfinite(texture).all()


def test_a_sequence_asks_for_nothing_just_after_its_start_and_after_a_change(
    varied: Examples,
) -> None:
    rng = np.random.default_rng(0)
    settle = 4  # steps: half a second
    changes = 0
    for _ in range(10):
        batch = varied.sequences(rng)
        (frames,) = batch.inputs
        assert frames.shape == (4, 16, 320)
        assert np.isfinite(frames).all()
        assert set(batch.weights.ravel().tolist()) == {0, 1}
        for mask, weight in zip(batch.masks[0], batch.weights[0], strict=True):
            moved = 1 + np.flatnonzero((mask[1:] != mask[:-1]).any(axis=1))
            changes += len(moved)
            assert len(moved) <= 1
            for begin in (0, *moved):
                assert not weight[begin : begin + settle].any()
    assert changes


def test_the_same_seed_draws_the_same_batch(varied: Examples, plain: Examples) -> None:
    for draw in (varied.windows, varied.sequences, plain.windows, plain.sequences):
        one, other = draw(np.random.default_rng(3)), draw(np.random.default_rng(3))
        for a, b in zip((*one.inputs, *one[1:]), (*other.inputs, *other[1:]), strict=True):
            assert np.array_equal(a, b)


def test_a_corpus_that_is_not_on_this_side_is_not_drawn(
    all_clips: list[Clip], all_features: Sequence[Features], prior: Prior
) -> None:
    music = [i for i, clip in enumerate(all_clips) if clip.corpus == "music"]
    alone = Examples(all_clips, all_features, music, prior, TINY, varied=True)
    masks = alone.windows(np.random.default_rng(0)).masks[0]
    right = {tuple(np.flatnonzero(mask)) for mask in masks}
    assert right <= {all_clips[i].moods for i in music}


def steady(vector: np.ndarray) -> tuple[list[Clip], Features, Prior, Recipe]:
    """A clip whose frames are all the same, and a prior that leaves them as they are."""
    recipe = replace(
        TINY,
        features=replace(TINY.features, n_mfcc=BANDS),  # so that the bands can be had back
        texture=replace(TINY.texture, lags=(1,)),
        variants=Variants(count=0),
    )
    frames = np.tile(vector, (160, 1)).astype(np.float32)
    textures = np.zeros((5, 3 * BANDS + 2), np.float32)
    textures[:, :BANDS] = vector
    textures[:, -2:] = 0.3  # of the chroma part
    made = Features(
        frames, np.array([0, 160]), textures, np.full(5, -20, np.float32), np.array([0, 5])
    )
    zeros, ones = np.zeros(BANDS, np.float32), np.ones(BANDS, np.float32)
    width = textures.shape[1]
    prior = Prior(zeros, ones, np.zeros(width, np.float32), np.ones(width, np.float32))
    return [Clip(Path("x.wav"), "speech", "actor 01", (3,), "sad")], made, prior, recipe


def drawn_of_steady(vector: np.ndarray, augmentation: Augmentation) -> tuple[np.ndarray, ...]:
    """Windows, textures and sequences of it."""
    clips, made, prior, recipe = steady(vector)
    recipe = replace(recipe, augmentation=augmentation)
    drawer = Examples(clips, [made], [0], prior, recipe, varied=True)
    rng = np.random.default_rng(0)
    (sequences,) = drawer.sequences(rng).inputs
    return *drawer.windows(rng).inputs, sequences.reshape(len(sequences), -1, BANDS)


def test_augmentation_of_nothing_changes_nothing() -> None:
    vector = np.random.default_rng(1).standard_normal(BANDS)
    frames, textures, sequences = drawn_of_steady(vector, PLAIN)
    for each in (frames, textures[:, :BANDS], sequences):
        np.testing.assert_allclose(each, np.broadcast_to(vector, each.shape), atol=1e-5)


def test_a_gain_is_what_it_would_be_of_the_audio() -> None:
    wave = np.random.default_rng(0).standard_normal(8000).astype(np.float32) * 0.1
    spec = replace(TINY.features, n_mfcc=BANDS)
    quiet, loud = (Mfcc(spec).process(gain * wave)[5] for gain in (1, 10 ** (6 / 20)))
    louder = replace(PLAIN, gain_share=1, gain_db=(6.0, 6.0))
    for each in drawn_of_steady(quiet, louder):
        own = each[..., :BANDS]
        np.testing.assert_allclose(own, np.broadcast_to(loud, own.shape), atol=2e-3)


def test_a_mask_is_the_mean_in_frames_and_leaves_the_texture() -> None:
    vector = np.ones(BANDS)
    frames, textures, sequences = drawn_of_steady(
        vector, replace(PLAIN, masks_a_second=2, mask_s=0.3)
    )
    for each in (frames, sequences):
        assert set(np.unique(each.round(4)).tolist()) == {0, 1}
        hidden = (each == 0).all(axis=2)
        assert ((each == 0).any(axis=2) == hidden).all()
        seconds = hidden.sum(axis=1) * 250 / 16000
        count = round(2 * each.shape[1] * 250 / 16000)
        assert 0 < seconds.max() <= 0.3 * count
    np.testing.assert_allclose(textures[:, :BANDS], 1, atol=1e-5)


def test_a_room_that_is_partly_learned_is_normalised_as_the_runtime_does() -> None:
    clips, made, prior, recipe = steady(np.zeros(BANDS))
    rng = np.random.default_rng(2)
    made.frames[:] = 3 + 2 * rng.standard_normal(made.frames.shape)
    recipe = replace(
        recipe,
        augmentation=replace(PLAIN, room_share=1),
        silence=replace(recipe.silence, stationary=0),
    )
    drawer = Examples(clips, [made], [0], prior, recipe, varied=True)
    trust = 0.25
    prior_frames = round(len(made.frames) * (1 - trust) / trust)
    spec = NormalisationSpec((0.0,) * BANDS, (1.0,) * BANDS, prior_frames, 10**6)
    room = Normaliser(spec)
    room.process(made.frames, audible=True)
    stub = SimpleNamespace(random=lambda: trust)
    mean, std = drawer._room(0, np.zeros(BANDS, np.float32), stub)
    expected = room.process(made.frames, audible=False)
    np.testing.assert_allclose((made.frames - mean) / std, expected, atol=1e-4)


def test_the_prior_standardises_what_it_was_made_of(
    all_clips: list[Clip], all_features: Sequence[Features], prior: Prior
) -> None:
    source = all_features[0]
    scaled = features.normalised(source.textures, prior.mean, prior.std, len(TINY.texture.lags))
    standard = (scaled - prior.texture_mean) / prior.texture_std
    assert np.allclose(standard.mean(axis=0), 0, atol=1e-2)
    assert (standard.std(axis=0) < 1.01).all()
    assert (prior.texture_std > 0).all()
