"""Examples look like what the runtime will show the models."""

from pathlib import Path

import numpy as np
import pytest

from moodstream.mood import MOODS, QUADRANT_OF
from moodstream.normalise import NormalisationSpec, Normaliser
from moodstream.windows import Window
from moodstream_train import corpora, features
from moodstream_train.examples import Examples, hop_windows
from moodstream_train.recipe import Recipe

QUADRANT_SIZES = (2, 3, 1, 2)


@pytest.fixture
def sides(data: Path, cache: Path, tiny: Recipe) -> tuple[Examples, Examples]:
    """Drawn with and without augmentation."""
    clips, _ = corpora.load(data)
    variants = [features.load(clips, tiny, k, cache, lambda *_: None) for k in (0, 1)]
    everyone = range(len(clips))
    prior = features.normalisation(variants[0], everyone, tiny)
    return (
        Examples(clips, variants, everyone, prior, tiny, varied=True),
        Examples(clips, variants[:1], everyone, prior, tiny, varied=False),
    )


def test_a_voice_has_one_right_mood_and_music_those_of_its_quadrant(
    sides: tuple[Examples, Examples],
) -> None:
    masks = sides[1].windows(np.random.default_rng(0)).masks[0]
    for mask in masks:
        right = [mood for mood, value in zip(MOODS, mask, strict=True) if value]
        assert len(right) == 1 or right == [
            mood for mood in MOODS if QUADRANT_OF[mood] == QUADRANT_OF[right[0]]
        ]


def test_mixup_shares_sum_to_one(sides: tuple[Examples, Examples]) -> None:
    batch = sides[0].windows(np.random.default_rng(0))
    assert batch.frames.shape == (8, 32, 40)
    assert batch.masks.shape == (2, 8, 8)
    assert np.allclose(batch.weights.sum(axis=0), 1)
    assert np.isfinite(batch.frames).all()


def test_a_sequence_asks_for_nothing_just_after_its_start_and_after_a_change(
    sides: tuple[Examples, Examples], tiny: Recipe
) -> None:
    rng = np.random.default_rng(0)
    changes = 0
    for _ in range(5):
        batch = sides[0].sequences(rng)
        assert batch.frames.shape == (4, 16, 160)
        for mask, weight in zip(batch.masks[0], batch.weights[0], strict=True):
            moved = 1 + np.flatnonzero((mask[1:] != mask[:-1]).any(axis=1))
            changes += len(moved)
            for begin in (0, *moved):
                assert not weight[begin : begin + tiny.rnn.settle_steps].any()
    assert changes


def test_the_same_seed_draws_the_same_batch(sides: tuple[Examples, Examples]) -> None:
    for draw in (sides[0].windows, sides[0].sequences):
        one, other = draw(np.random.default_rng(3)), draw(np.random.default_rng(3))
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_windows_of_a_clip_are_those_of_the_runtime() -> None:
    frames = np.random.default_rng(0).standard_normal((150, 4)).astype(np.float32)
    window = Window(48, 4)
    expected = []
    for begin in range(0, 128, 32):
        window.push(frames[begin : begin + 32])
        if window.full:
            expected.append(window.view().copy())
    assert np.array_equal(hop_windows(frames, 48, 32), np.stack(expected))
    short = Window(48, 4)
    short.push(frames[:20])
    assert np.array_equal(hop_windows(frames[:20], 48, 32)[0], short.view())


def test_without_augmentation_frames_are_normalised_as_in_a_new_room(
    sides: tuple[Examples, Examples],
) -> None:
    examples = sides[1]
    prior = NormalisationSpec(tuple([1.0] * 40), tuple([2.0] * 40), 100, 100)
    examples._prior = (np.float32(prior.mean), np.float32(prior.std))
    frames = np.random.default_rng(0).standard_normal((10, 40)).astype(np.float32)
    found = examples._normalise(frames, "music", np.random.default_rng(0))
    assert np.allclose(found, Normaliser(prior).process(frames, audible=False), atol=1e-6)
