"""The RNN that is exported step by step is the one that was trained on sequences."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from moodstream_train.networks import rnn
from moodstream_train.recipe import RnnRecipe
from moodstream_train.recipes import RECIPES

SPEC = replace(RECIPES["shipped"].features, n_mfcc=6)
RECIPE = replace(RECIPES["shipped"].rnn, embedding=12, units=10)
LONGEST = 40


@pytest.fixture(scope="module")
def trained() -> keras.Model:
    """With weights that let the state swing widely."""
    keras.utils.set_random_seed(3)
    model = rnn.build(RECIPE, SPEC)
    model.set_weights([3 * weight for weight in model.get_weights()])
    return model


@pytest.fixture(scope="module")
def step(trained: keras.Model) -> keras.Model:
    return rnn.single_step(trained, RECIPE, SPEC)


def sequences(steps: int) -> np.ndarray:
    shape = (2, steps, RECIPE.step_frames * SPEC.n_mfcc)
    return np.random.default_rng(steps).standard_normal(shape).astype(np.float32)


@pytest.mark.parametrize("steps", [1, 2, 7, LONGEST])
def test_fed_step_by_step_it_says_what_the_whole_sequence_gives(
    trained: keras.Model, step: keras.Model, steps: int
) -> None:
    pair = sequences(steps)
    expected = {name: values.numpy() for name, values in trained(pair).items()}
    state = np.zeros((2, rnn.state_width(RECIPE)), np.float32)
    for t in range(steps):
        frames = pair[:, t].reshape(2, RECIPE.step_frames, SPEC.n_mfcc)
        said = step([frames, state])
        state = said["state_out"].numpy()
        for name, values in expected.items():
            np.testing.assert_allclose(said[name].numpy(), values[:, t], atol=1e-4)
    assert np.ptp(expected["logits"]) > 1


def test_what_comes_later_changes_nothing_before(trained: keras.Model) -> None:
    pair = sequences(LONGEST)
    whole = trained(pair)["logits"].numpy()
    pair[:, 20:] = 0
    np.testing.assert_allclose(trained(pair)["logits"].numpy()[:, :20], whole[:, :20], atol=1e-5)


def test_running_means_are_exponential_averages_from_the_first_step_on() -> None:
    decays = rnn.decays(RECIPE, SPEC)
    assert decays == pytest.approx([np.exp(-0.125 / 1.0), np.exp(-0.125 / 4.0)])
    sequence = sequences(9)
    found = np.asarray(rnn.RunningMeans(decays)(sequence))
    width = sequence.shape[2]
    np.testing.assert_array_equal(found[:, :, :width], sequence)
    for t in range(9):
        for k, decay in enumerate(decays):
            expected = np.average(
                sequence[:, : t + 1], axis=1, weights=decay ** np.arange(t, -1, -1)
            )
            own = found[:, t, width * (k + 1) : width * (k + 2)]
            np.testing.assert_allclose(own, expected, atol=1e-5)


def test_without_running_means_the_state_is_the_unit_s_alone() -> None:
    plain: RnnRecipe = replace(RECIPE, averages_s=())
    model = rnn.build(plain, SPEC)
    assert rnn.state_width(plain) == RECIPE.units
    made = rnn.single_step(model, plain, SPEC)
    pair = sequences(1)
    frames = pair[:, 0].reshape(2, RECIPE.step_frames, SPEC.n_mfcc)
    state = np.zeros((2, RECIPE.units), np.float32)
    logits = made([frames, state])["logits"].numpy()
    np.testing.assert_allclose(logits, model(pair)["logits"].numpy()[:, 0], atol=1e-4)
