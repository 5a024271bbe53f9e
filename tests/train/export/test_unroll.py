import numpy as np
import pytest

from moodstream.bundle import tflite
from moodstream.bundle.bundle import Bundle
from moodstream.bundle.rnn import SEVERAL
from moodstream_train.export.unroll import unroll


@pytest.mark.parametrize("steps", [1, 2, 4, 7])
def test_a_call_computes_what_so_many_steps_compute(bundle: Bundle, steps: int) -> None:
    content = unroll(bundle.rnn_model, steps)
    several, single = tflite.Model(content, SEVERAL), tflite.Model(content)
    assert several.signatures == (SEVERAL, "serve")
    shapes = tflite.Model(bundle.rnn_model).input_shapes
    assert single.input_shapes == shapes
    assert several.input_shapes == {**shapes, "frames": (steps, *shapes["frames"])}
    rng = np.random.default_rng(steps)
    frames = rng.standard_normal(several.input_shapes["frames"]).astype(np.float32)
    state = rng.standard_normal(shapes["state"]).astype(np.float32)
    found = several.run(frames=frames, state=state)
    for i in range(steps):
        expected = single.run(frames=frames[i], state=state)
        state = expected["state_out"]
        np.testing.assert_array_equal(found["logits"][i], expected["logits"])
    np.testing.assert_array_equal(found["state_out"], state)


def test_the_weights_are_there_once(bundle: Bundle) -> None:
    content = unroll(bundle.rnn_model, 4)
    assert len(content) < len(bundle.rnn_model) + 30_000
