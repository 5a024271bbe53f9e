import numpy as np
import pytest

from moodstream.bundle import tflite


def test_tells_the_shapes_and_runs_by_name(bundle):
    model = tflite.Model(bundle.rnn_model)
    assert model.input_shapes.keys() == {"frames", "state"}
    assert model.output_shapes.keys() == {"logits", "heard", "place", "state_out"}
    inputs = {name: np.ones(shape, "f") for name, shape in model.input_shapes.items()}
    found = model.run(**inputs)
    assert {name: value.shape for name, value in found.items()} == model.output_shapes
    assert all(np.isfinite(value).all() for value in found.values())
    swapped = model.run(**dict(reversed(inputs.items())))
    np.testing.assert_array_equal(swapped["logits"], found["logits"])


def test_outputs_are_copies_that_stay(bundle):
    model = tflite.Model(bundle.cnn_model)
    inputs = {name: np.zeros(shape, "f") for name, shape in model.input_shapes.items()}
    first = model.run(**inputs)["logits"]
    kept = first.copy()
    model.run(**{name: value + 3 for name, value in inputs.items()})
    np.testing.assert_array_equal(first, kept)


def test_what_is_no_model_is_refused_and_said_nowhere_else(capfd):
    with pytest.raises(ValueError, match=r"[Mm]odel"):
        tflite.Model(b"TFL3" * 100)
    assert capfd.readouterr() == ("", "")


def test_the_native_library_keeps_quiet(bundle, capfd):
    tflite.Model(bundle.cnn_model)
    assert capfd.readouterr() == ("", "")
