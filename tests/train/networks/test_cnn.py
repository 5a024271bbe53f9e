"""The CNN takes a window and its texture, and has three outputs."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from moodstream_train.networks import cnn
from moodstream_train.recipe import CnnRecipe
from tests.train.conftest import TINY

RECIPE = TINY.cnn
SHAPES = {"logits": (3, 8), "heard": (3, 2), "place": (3, 2)}


def inputs(seed: int = 0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes = ((3, RECIPE.window_frames, 10), (3, 7))
    return [rng.standard_normal(shape).astype(np.float32) for shape in shapes]


def build(recipe: CnnRecipe) -> keras.Model:
    keras.utils.set_random_seed(1)
    return cnn.build(recipe, 10, 7)


def test_both_inputs_matter() -> None:
    model = build(RECIPE)
    frames, texture = inputs()
    said = model([frames, texture])
    assert {name: tuple(values.shape) for name, values in said.items()} == SHAPES
    for other in ([frames[::-1], texture], [frames, texture[::-1]]):
        for name, values in model(other).items():
            assert not np.allclose(values.numpy()[0], said[name].numpy()[0])


def test_without_layers_over_the_texture_it_is_not_looked_at() -> None:
    model = build(replace(RECIPE, texture=()))
    frames, texture = inputs()
    said = model([frames, texture])
    for name, values in model([frames, texture * 2]).items():
        assert np.array_equal(values.numpy(), said[name].numpy())


@pytest.mark.parametrize(
    "recipe",
    [
        RECIPE,
        replace(RECIPE, texture=()),
        replace(RECIPE, window_frames=192, channels=(8, 8, 6, 6, 4, 4)),
    ],
)
def test_the_streaming_form_says_what_the_network_says_of_the_window(recipe: CnnRecipe) -> None:
    model = build(recipe)
    # A layer that has just been made normalises nothing.
    rng = np.random.default_rng(3)
    model.set_weights([rng.uniform(0.1, 0.3, weights.shape) for weights in model.get_weights()])
    hop = 32
    stream = rng.standard_normal((recipe.window_frames + 3 * hop, 10)).astype(np.float32)
    windows = np.stack([stream[k * hop :][: recipe.window_frames] for k in range(4)])
    textures = rng.standard_normal((4, 7)).astype(np.float32)
    expected = model([windows, textures])
    rows = cnn.convolved(model, windows[:1]).numpy()
    following = cnn.streaming(model, hop)
    span = following.input["frames"].shape[1]
    earlier = following.input["earlier"].shape[1]
    assert span < recipe.window_frames
    for k in range(1, 4):
        newest = rows.shape[1] - earlier
        given = {"frames": windows[k : k + 1, -span:], "earlier": rows[:, newest:]}
        said = following({**given, "texture": textures[k : k + 1]})
        rows = np.concatenate((given["earlier"], said["newest"].numpy()), axis=1)
        for name in SHAPES:
            assert np.allclose(said[name].numpy()[0], expected[name].numpy()[k], rtol=1e-4)
    assert np.allclose(rows, cnn.convolved(model, windows[3:]).numpy(), rtol=1e-4)
