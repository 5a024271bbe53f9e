"""The CNN takes a window and its texture, and has three outputs."""

from dataclasses import replace

import keras
import numpy as np

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
