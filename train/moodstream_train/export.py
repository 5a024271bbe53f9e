"""From trained models to a bundle: TFLite files, a card that vouches for them, a page for people."""

import datetime
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from moodstream import tflite
from moodstream.arrays import Float32
from moodstream.bundle import CARD, CARD_SCHEMA, ArtifactSpec, Card, RnnSpec
from moodstream.mood import MOODS
from moodstream_train import rnn as rnn_module
from moodstream_train.calibrate import Calibration
from moodstream_train.run import Run

Representative = Callable[[], Iterator[dict[str, Float32]]]
"""Yields inputs by name, for the ranges of the activations."""

PARITY_STEPS = 512
"""Fed-back steps that the RNN's parity is measured over."""
REPRESENTATIVE_WINDOWS = 300


class ExportError(Exception):
    """A converted model is not what was trained."""


@dataclass(frozen=True)
class Converted:
    """One TFLite file, and how close it is to Keras on real features."""

    content: bytes
    quantisation: str
    agreement: float
    """Share of the outputs with the same most probable mood as Keras."""
    deviation: float
    """Mean absolute difference of the logits."""


def convert(
    model: keras.Model,
    signature: list[Any],
    call: Callable[..., dict[str, Any]],
    quantisation: str,
    representative: Representative,
) -> bytes:
    """A TFLite model with one signature, float inputs and outputs, and builtin operators only.

    Raises:
        ExportError: the converter left variables outside of the file.
    """
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
        content: bytes = converter.convert()
    interpreter = tf.lite.Interpreter(model_content=content)
    operators = {operator["op_name"] for operator in interpreter._get_ops_details()}  # noqa: SLF001
    if foreign := {name for name in operators if name == "VAR_HANDLE" or name.startswith("Flex")}:
        raise ExportError(f"the converted model has {', '.join(sorted(foreign))}; weights are missing")
    return content


def convert_cnn(model: keras.Model, quantisation: str, windows: Float32) -> Converted:
    """The CNN, checked on normalised windows [shape=(n, window_frames, n_mfcc)]."""
    shape = (1, *windows.shape[1:])
    chosen = windows[:: max(1, len(windows) // REPRESENTATIVE_WINDOWS)]
    content = convert(
        model,
        [tf.TensorSpec(shape, name="frames")],
        lambda frames: {"logits": model(frames, training=False)},
        quantisation,
        lambda: ({"frames": window[None]} for window in chosen),
    )
    runtime = tflite.Model(content)
    found = np.concatenate([runtime.run(frames=window[None])["logits"] for window in windows])
    return _converted(content, quantisation, found, model.predict(windows, verbose=0))


def convert_rnn(
    trained: keras.Model, run: Run, quantisation: str, sequences: Float32
) -> Converted:
    """The RNN's single step, checked on normalised sequences fed back step by step.

    Args:
        trained: the sequence model.
        run: whose recipe it was made with.
        quantisation: int8, dynamic-range or float32.
        sequences: [shape=(n, steps, step_frames * n_mfcc)]
    """
    recipe, n_mfcc = run.recipe.rnn, run.recipe.features.n_mfcc
    step = rnn_module.single_step(trained, recipe, n_mfcc)
    shape = (2, recipe.step_frames, n_mfcc)
    pairs = [(pair, trained_states(step, pair, shape)) for pair in _pairs(sequences)]
    content = convert(
        step,
        [
            tf.TensorSpec(shape, name="frames"),
            tf.TensorSpec((2, sum(recipe.units)), name="state"),
        ],
        lambda frames, state: step([frames, state], training=False),
        quantisation,
        lambda: (
            {"frames": pair[:, t].reshape(shape), "state": states[t]}
            for pair, states in pairs
            for t in range(0, pair.shape[1], 7)
        ),
    )
    runtime = tflite.Model(content)
    found = []
    for pair, _ in pairs:
        state = np.zeros((2, sum(recipe.units)), np.float32)
        for t in range(pair.shape[1]):
            result = runtime.run(frames=pair[:, t].reshape(shape), state=state)
            state = result["state_out"]
            found.append(result["logits"])
    expected = [trained.predict(pair, verbose=0).transpose(1, 0, 2) for pair, _ in pairs]
    return _converted(
        content, quantisation, np.concatenate(found), np.concatenate(expected).reshape(-1, len(MOODS))
    )


def trained_states(step: keras.Model, pair: Float32, shape: tuple[int, ...]) -> list[Float32]:
    """The state before each step of two sequences, by Keras [shape=(2, units)] each."""
    run_step = tf.function(lambda frames, state: step([frames, state], training=False)["state_out"])
    states = [np.zeros(step.input_shape[1], np.float32)]
    for t in range(pair.shape[1] - 1):
        states.append(run_step(pair[:, t].reshape(shape), states[-1]).numpy())
    return states


def _pairs(sequences: Float32) -> Iterator[Float32]:
    for begin in range(0, len(sequences) - 1, 2):
        yield sequences[begin : begin + 2]


def _converted(content: bytes, quantisation: str, found: Float32, expected: Float32) -> Converted:
    return Converted(
        content,
        quantisation,
        agreement=round(float(np.mean(found.argmax(-1) == expected.argmax(-1))), 5),
        deviation=round(float(np.mean(np.abs(found - expected))), 5),
    )


def write_bundle(
    run: Run,
    fold: int | None,
    folder: Path,
    cnn: Converted,
    rnn: Converted,
    calibration: Calibration,
    training: dict[str, Any],
    results: dict[str, Any],
) -> Card:
    """Write ``cnn.tflite``, ``rnn.tflite`` and ``card.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    recipe = run.recipe

    def artifact(name: str, made: Converted, temperature: float, weight: float) -> dict[str, Any]:
        (folder / f"{name}.tflite").write_bytes(made.content)
        model = tflite.Model(made.content)
        return {
            "file": f"{name}.tflite",
            "sha256": hashlib.sha256(made.content).hexdigest(),
            "quantisation": made.quantisation,
            "inputs": {key: list(shape) for key, shape in model.input_shapes.items()},
            "outputs": {key: list(shape) for key, shape in model.output_shapes.items()},
            "temperature": temperature,
            "weight": weight,
        }

    share = calibration.cnn_weight
    card = Card(
        schema=CARD_SCHEMA,
        name=f"moodstream {run.part(fold).name}",
        created=datetime.datetime.now(datetime.UTC).date().isoformat(),
        labels=MOODS,
        features=recipe.features,
        normalisation=run.prior(fold),
        cnn=ArtifactSpec(**artifact("cnn", cnn, calibration.cnn_temperature, share)),
        rnn=RnnSpec(
            **artifact("rnn", rnn, calibration.rnn_temperature, round(1 - share, 3)),
            memory_steps=recipe.rnn.memory_steps,
        ),
        silence=recipe.silence,
        smoothing=recipe.smoothing,
        training=training,
        results=results,
    )
    (folder / CARD).write_text(json.dumps(asdict(card), indent=1) + "\n")
    return card
