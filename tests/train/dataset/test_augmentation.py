"""Augmentation changes frames as it would the audio, and nothing else."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from moodstream.features.mfcc import Mfcc
from moodstream.features.normalise import NormalisationSpec, Normaliser
from moodstream_train.corpora import Clip
from moodstream_train.dataset.examples import Examples
from moodstream_train.dataset.features import Features
from moodstream_train.dataset.inputs import Prior
from moodstream_train.recipe import Augmentation, Recipe, Variants
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
        frames=frames,
        starts=np.array([0, 160]),
        textures=textures,
        levels=np.full(5, -20, np.float32),
        heard=np.float32([[1, 0]]),
        hop_starts=np.array([0, 5]),
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
