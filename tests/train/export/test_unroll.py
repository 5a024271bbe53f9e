import numpy as np
import pytest
import tensorflow as tf

from moodstream.arrays import Float32
from moodstream.bundle import tflite
from moodstream.bundle.bundle import Bundle
from moodstream.bundle.rnn import SEVERAL
from moodstream_train.export.convert import convert
from moodstream_train.export.unroll import unroll
from moodstream_train.networks import rnn
from moodstream_train.networks.outputs import OUTPUTS
from moodstream_train.recipes import RECIPES
from tests.support import steps as steps_of


@pytest.mark.parametrize("steps", [1, 2, 4, 7])
def test_a_call_computes_what_so_many_steps_compute(bundle: Bundle, steps: int) -> None:
    whole = steps_of.single(bundle.rnn_model)
    content = unroll(whole, steps)
    several, single = tflite.Model(content, SEVERAL), tflite.Model(content)
    assert several.signatures == (SEVERAL, "serve")
    shapes = tflite.Model(whole).input_shapes
    assert single.input_shapes == shapes
    assert several.input_shapes == {**shapes, "frames": (steps, *shapes["frames"])}
    rng = np.random.default_rng(steps)
    frames = rng.standard_normal(several.input_shapes["frames"]).astype(np.float32)
    state = rng.standard_normal(shapes["state"]).astype(np.float32)
    found = several.run(frames=frames, state=state)
    for i in range(steps):
        expected = single.run(frames=frames[i], state=state)
        state = expected["state_out"]
        for name in OUTPUTS:
            np.testing.assert_array_equal(found[name][i], expected[name])
    np.testing.assert_array_equal(found["state_out"], state)


def test_the_weights_are_there_once(bundle: Bundle) -> None:
    whole = steps_of.single(bundle.rnn_model)
    assert len(unroll(whole, 4)) < len(whole) + 30_000


def test_the_shipped_model_takes_a_hop_in_one_call(bundle: Bundle) -> None:
    several = tflite.Model(bundle.rnn_model, SEVERAL)
    assert several.signatures == (SEVERAL, "serve")
    assert several.input_shapes["frames"][0] == 4


@pytest.mark.parametrize("form", ["float32", "dynamic-range", "int8"])
def test_every_number_format_of_the_exporter_can_be_unrolled(form: str) -> None:
    recipe = RECIPES["shipped"]
    spec, rng = recipe.features, np.random.default_rng(3)
    step = rnn.single_step(rnn.build(recipe.rnn, spec), recipe.rnn, spec)
    shapes = {
        "frames": (2, recipe.rnn.step_frames, spec.n_mfcc),
        "state": (2, rnn.state_width(recipe.rnn)),
    }

    def inputs() -> dict[str, Float32]:
        return {name: rng.random(shape).astype(np.float32) for name, shape in shapes.items()}

    content = convert(
        step,
        [tf.TensorSpec(shape, name=name) for name, shape in shapes.items()],
        lambda frames, state: step([frames, state], training=False),
        form,
        lambda: (inputs() for _ in range(5)),
    )
    unrolled = unroll(content, 3)
    single, several = tflite.Model(content), tflite.Model(unrolled, SEVERAL)
    frames, state = np.stack([inputs()["frames"] for _ in range(3)]), inputs()["state"]
    found = several.run(frames=frames, state=state)
    for i in range(3):
        expected = single.run(frames=frames[i], state=state)
        state = expected["state_out"]
        for name in OUTPUTS:
            np.testing.assert_array_equal(found[name][i], expected[name])
    np.testing.assert_array_equal(found["state_out"], state)
