"""The losses of the three outputs are those of a plain formula."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream_train.training import losses

BATCH = 6
MOOD_N = 8


def log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def mood_loss(target: np.ndarray, logits: np.ndarray, smoothing: float) -> np.ndarray:
    """The formula, example by example and part by part."""
    found = np.zeros(len(target))
    logp = log_softmax(logits.astype(np.float64))
    for i, row in enumerate(target):
        for mask, weight in ((row[:8], row[8]), (row[9:17], row[17])):
            even = logp[i].mean()
            if not mask.any():
                found[i] -= weight * even
                continue
            right = np.log(np.exp(logp[i][mask > 0]).sum())
            found[i] -= weight * ((1 - smoothing) * right + smoothing * even)
    return found


def mixture(rng: np.random.Generator) -> np.ndarray:
    """Two parts an example: masks of none to all moods, and weights that sum to one."""
    masks = (rng.random((BATCH, 2, MOOD_N)) < rng.random((BATCH, 2, 1))).astype(np.float32)
    share = rng.random((BATCH, 1)).astype(np.float32)
    parts = masks[:, 0], share, masks[:, 1], 1 - share
    return np.concatenate(parts, axis=1)


def call(loss: keras.losses.Loss, target: np.ndarray, said: np.ndarray) -> np.ndarray:
    return keras.ops.convert_to_numpy(
        loss.call(keras.ops.convert_to_tensor(target), keras.ops.convert_to_tensor(said))
    )


@given(seed=st.integers(0, 2**32), smoothing=st.sampled_from([0.0, 0.05, 0.5]))
def test_the_loss_of_the_moods_is_that_of_the_formula(seed: int, smoothing: float) -> None:
    rng = np.random.default_rng(seed)
    logits = (5 * rng.standard_normal((BATCH, MOOD_N))).astype(np.float32)
    target = mixture(rng)
    found = call(losses.MoodLoss(smoothing), target, logits)
    np.testing.assert_allclose(found, mood_loss(target, logits, smoothing), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("of_steps", [False, True])
def test_the_losses_of_voice_music_and_place_are_those_of_the_formulas(of_steps: bool) -> None:
    rng = np.random.default_rng(0)
    shape = (BATCH, 3) if of_steps else (BATCH,)
    values, weights = rng.random((*shape, 2)), rng.random((*shape, 2))
    target = np.concatenate((values, weights), axis=-1).astype(np.float32)
    said = (3 * rng.standard_normal((*shape, 2))).astype(np.float32)
    likely = 1 / (1 + np.exp(-said.astype(np.float64)))
    entropy = -values * np.log(likely) - (1 - values) * np.log(1 - likely)
    np.testing.assert_allclose(
        call(losses.HeardLoss(), target, said), (weights * entropy).sum(axis=-1), rtol=1e-4
    )
    np.testing.assert_allclose(
        call(losses.PlaceLoss(), target, said),
        (weights * (said - values) ** 2).sum(axis=-1),
        rtol=1e-4,
    )


def test_sure_logits_do_not_overflow() -> None:
    target = np.float32([[1, 0, 1, 1]])
    found = call(losses.HeardLoss(), target, np.float32([[-1e4, 1e4]]))
    np.testing.assert_allclose(found, [2e4])


def test_what_weighs_nothing_changes_nothing() -> None:
    """Neither in the loss nor in the figures."""
    rng = np.random.default_rng(1)
    logits = rng.standard_normal((BATCH, MOOD_N)).astype(np.float32)
    target = mixture(rng)
    target[:, 8], target[:, 17] = 1, 0
    other = target.copy()
    other[:, 9:17] = 1 - other[:, 9:17]
    for one, same in ((target, other), (target[1:], target[1:])):
        for figure in (losses.unsmoothed, losses.accuracy):
            assert float(figure(one, logits[-len(one) :])) == float(
                figure(same, logits[-len(same) :])
            )
        np.testing.assert_array_equal(
            call(losses.MoodLoss(0.1), one, logits[-len(one) :]),
            call(losses.MoodLoss(0.1), same, logits[-len(same) :]),
        )
    for loss in (losses.HeardLoss(), losses.PlaceLoss()):
        unknown = np.float32([[0.3, 0.7, 0, 0]])
        assert call(loss, unknown, np.float32([[9, -9]])).tolist() == [0]


def test_the_loss_of_music_is_that_of_its_whole_quadrant() -> None:
    logits = np.log(np.float32([[0.2, 0.3, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05]]))
    quadrant = np.float32([[1, 1, 0, 0, 0, 0, 0, 0, 1]])
    found = call(losses.MoodLoss(), quadrant, logits)
    assert found[0] == pytest.approx(-np.log(0.5), rel=1e-5)


def test_the_figure_of_the_moods_is_a_mean_by_weight() -> None:
    logits = np.log(np.float32([[0.5, *[0.5 / 7] * 7], [0.9, 0.1, *[1e-9] * 6]]))
    target = np.zeros((2, 9), np.float32)
    target[0, 0], target[1, 1] = 1, 1
    target[:, 8] = 3, 1
    found = float(losses.unsmoothed(target, logits))
    assert found == pytest.approx(-(3 * np.log(0.5) + np.log(0.1)) / 4, rel=1e-4)


def test_accuracy_counts_by_weight_the_targets_whose_mood_is_right() -> None:
    logits = np.zeros((4, MOOD_N), np.float32)
    logits[[0, 1, 2, 3], [0, 2, 1, 5]] = 5
    target = np.zeros((4, 9), np.float32)
    target[0, :2] = target[1, :2] = target[2, 1:3] = 1
    target[:, 8] = 1, 3, 2, 7  # the last has no right mood, and does not count
    assert float(losses.accuracy(target, logits)) == pytest.approx(3 / 6)


def test_where_no_mood_is_right_all_should_be_as_probable() -> None:
    none = np.zeros((1, 9), np.float32)
    none[:, 8] = 1
    even, sure = np.zeros((1, 8), np.float32), np.float32([[5, 0, 0, 0, 0, 0, 0, 0]])
    assert call(losses.MoodLoss(0.05), none, even)[0] == pytest.approx(np.log(8), rel=1e-5)
    assert call(losses.MoodLoss(0.05), none, sure)[0] > np.log(8)
