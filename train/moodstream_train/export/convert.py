"""Conversion of trained models to TFLite, checked against Keras."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from moodstream.arrays import Float32
from moodstream.bundle import tflite
from moodstream.bundle.cnn import CnnClassifier
from moodstream.features.hop import DEFAULT_HOP_S
from moodstream.features.window import Window
from moodstream.mood.circumplex import MOODS
from moodstream.mood.softmax import log_softmax
from moodstream_train.errors import TrainingError
from moodstream_train.export.unroll import unroll
from moodstream_train.networks import cnn as cnn_module
from moodstream_train.networks import rnn as rnn_module
from moodstream_train.quiet import native_stderr
from moodstream_train.recipe import Recipe

Representative = Callable[[], Iterator[dict[str, Float32]]]
"""Function that yields inputs by name, which determine the ranges of the activations."""

RANGE_STRIDE = 11
"""Interval of the steps that determine the RNN's ranges."""


class ExportError(TrainingError):
    """A converted model differs from the trained one."""


@dataclass(frozen=True)
class Converted:
    """A TFLite file, and its distance from Keras on real features."""

    content: bytes
    quantisation: str
    """int8, dynamic-range or float32."""
    agreement: float
    """Share of the outputs with the same most probable mood as in Keras."""
    deviation: float
    """Mean absolute difference of the log probabilities of the moods."""


def convert(
    model: keras.Model,
    signature: list[Any],
    call: Callable[..., dict[str, Any]],
    quantisation: str,
    representative: Representative,
) -> bytes:
    """Convert a model to TFLite, with float inputs and outputs and builtin operators only.

    Raises:
        ExportError: the Keras backend is not TensorFlow, or weights are missing.
    """
    if keras.backend.backend() != "tensorflow":
        raise ExportError(
            f"models are converted with TensorFlow, but KERAS_BACKEND is "
            f"{keras.backend.backend()}; set KERAS_BACKEND=tensorflow for this command"
        )
    with tempfile.TemporaryDirectory() as folder:
        archive = keras.export.ExportArchive()
        archive.track(model)
        archive.add_endpoint("serve", call, input_signature=signature)
        archive.write_out(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=["serve"])
        if quantisation != "float32":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if quantisation == "int8":
            converter.representative_dataset = representative
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        with native_stderr():
            content: bytes = converter.convert()
    interpreter = Interpreter(model_content=content)
    operators = {operator["op_name"] for operator in interpreter._get_ops_details()}  # noqa: SLF001
    if foreign := {name for name in operators if name == "VAR_HANDLE" or name.startswith("Flex")}:
        raise ExportError(
            f"the converted model has {', '.join(sorted(foreign))}, which LiteRT cannot run"
        )
    return content


def convert_cnn(
    trained: keras.Model,
    hop_frames: int,
    quantisation: str,
    ranges: tuple[Float32, ...],
    inputs: tuple[Float32, ...],
) -> Converted:
    """Convert the CNN in its streaming form, and check it on windows.

    Args:
        trained: the network over whole windows.
        hop_frames: frames from one window to the next.
        quantisation: int8, dynamic-range or float32.
        ranges: normalised windows and their textures.
        inputs: other windows and textures, for the check.
    """
    model = cnn_module.streaming(trained, hop_frames)
    shapes = {each.name: each.shape for each in model.inputs}
    (_, span, _), (_, earlier, _) = shapes["frames"], shapes["earlier"]

    def representative() -> Iterator[dict[str, Float32]]:
        windows, textures = ranges
        rows = cnn_module.convolved(trained, windows).numpy()
        for k in range(len(windows)):
            frames, texture = windows[k : k + 1, -span:], textures[k : k + 1]
            yield {"frames": frames, "earlier": rows[k : k + 1, :earlier], "texture": texture}

    content = convert(
        model,
        [tf.TensorSpec(shapes[name], name=name) for name in ("frames", "earlier", "texture")],
        lambda frames, earlier, texture: model(
            {"frames": frames, "earlier": earlier, "texture": texture}, training=False
        ),
        quantisation,
        representative,
    )
    frames, texture = inputs
    length, n_mfcc = frames.shape[1:]
    runtime, found = CnnClassifier(content, 1.0, length), []
    for one, its_texture in zip(frames, texture, strict=True):
        window = Window(length, n_mfcc)
        window.push(one)
        runtime.reset()
        found.append(runtime.process(window, its_texture).moods)
    logits = trained.predict([frames, texture], verbose=0)["logits"]
    return _converted(content, quantisation, np.array(found), log_softmax(logits))


def convert_rnn(
    trained: keras.Model, whole: Recipe, quantisation: str, ranges: Float32, sequences: Float32
) -> Converted:
    """Convert the single step of the RNN, and check it on sequences fed step by step.

    Args:
        trained: the sequence model.
        whole: recipe of the model.
        quantisation: int8, dynamic-range or float32.
        ranges: normalised sequences [shape=(n, steps, step_frames * n_mfcc)].
        sequences: other sequences, for the check.
    """
    recipe, spec = whole.rnn, whole.features
    step = rnn_module.single_step(trained, recipe, spec)
    frames_shape = (2, recipe.step_frames, spec.n_mfcc)
    state_shape = (2, rnn_module.state_width(recipe))
    call = tf.function(lambda frames, state: step([frames, state], training=False))

    def representative() -> Iterator[dict[str, Float32]]:
        for pair in _pairs(ranges):
            state = np.zeros(state_shape, np.float32)
            for t in range(pair.shape[1]):
                frames = pair[:, t].reshape(frames_shape)
                if t % RANGE_STRIDE == 0:
                    yield {"frames": frames, "state": state}
                state = call(frames, state)["state_out"].numpy()

    content = convert(
        step,
        [tf.TensorSpec(frames_shape, name="frames"), tf.TensorSpec(state_shape, name="state")],
        lambda frames, state: step([frames, state], training=False),
        quantisation,
        representative,
    )
    runtime = tflite.Model(content)
    found = np.empty((*sequences.shape[:2], len(MOODS)), np.float32)
    for i, pair in enumerate(_pairs(sequences)):
        state = np.zeros(state_shape, np.float32)
        for t in range(pair.shape[1]):
            result = runtime.run(frames=pair[:, t].reshape(frames_shape), state=state)
            state = result["state_out"]
            found[2 * i : 2 * i + 2, t] = result["logits"]
    expected = trained.predict(sequences, verbose=0)["logits"]
    # The runtime computes the steps of a hop in one call.
    steps = round(DEFAULT_HOP_S * spec.sample_rate / (recipe.step_frames * spec.hop_length))
    unrolled = unroll(content, steps)
    return _converted(unrolled, quantisation, log_softmax(found), log_softmax(expected))


def _pairs(sequences: Float32) -> Iterator[Float32]:
    """Iterate over pairs of sequences, as the exported step takes them; their number is even."""
    for begin in range(0, len(sequences), 2):
        yield sequences[begin : begin + 2]


def _converted(content: bytes, quantisation: str, found: Float32, expected: Float32) -> Converted:
    return Converted(
        content,
        quantisation,
        agreement=round(float(np.mean(found.argmax(-1) == expected.argmax(-1))), 5),
        deviation=round(float(np.mean(np.abs(found - expected))), 5),
    )
