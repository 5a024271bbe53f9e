"""From trained models to a bundle: TFLite files, and the card that vouches for them."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from moodstream import self_test
from moodstream.arrays import Float32
from moodstream.bundle import tflite
from moodstream.bundle.bundle import Bundle
from moodstream.bundle.card import CARD_SCHEMA, ArtifactSpec, Card, RnnSpec, SelfTestSpec
from moodstream.bundle.disk import CARD
from moodstream.mood.circumplex import MOODS
from moodstream_train.corpora import Clip
from moodstream_train.dataset.examples import Examples
from moodstream_train.dataset.features import Features
from moodstream_train.errors import TrainingError
from moodstream_train.networks import rnn as rnn_module
from moodstream_train.training.run import Run

Representative = Callable[[], Iterator[dict[str, Float32]]]
"""Yields inputs by name, for the ranges of the activations."""

RANGE_BATCHES = 6
"""Training batches that the ranges of the int8 activations are taken from."""
RANGE_STRIDE = 11
"""Every so many steps of the RNN are enough."""
PARITY_BATCHES = 4
MIN_AGREEMENT = 0.9
"""Rounding to 8 bits costs a few percent of agreement; a conversion that broke leaves chance."""


class ExportError(TrainingError):
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
    interpreter = Interpreter(model_content=content)
    operators = {operator["op_name"] for operator in interpreter._get_ops_details()}  # noqa: SLF001
    if foreign := {name for name in operators if name == "VAR_HANDLE" or name.startswith("Flex")}:
        raise ExportError(
            f"the converted model has {', '.join(sorted(foreign))}; weights are missing"
        )
    return content


def export_part(
    run: Run,
    part: str,
    precision: str,
    clips: Sequence[Clip],
    loaded: Features,
    folder: Path,
    training: dict[str, Any] | None = None,
    results: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Write the bundle of a part of a run, as ``float32`` or ``int8``.

    With ``int8`` the weights are 8-bit; each model computes with 8-bit activations or in dynamic
    range, whichever is closer to Keras.

    Returns:
        for each model: quantisation, bytes, and its parity with Keras on held-out features (for
        the final model, which has none, on training features).

    Raises:
        ExportError: a model does not do what it did in Keras.
    """
    cnn, rnn = run.models(part)
    sides = run.split(clips, part)
    prior = run.prior(part)
    rng = np.random.default_rng(run.seed)
    ranges = Examples(clips, [loaded], sides.train, prior, run.recipe, varied=False)
    parity = Examples(clips, [loaded], sides.test or sides.train, prior, run.recipe, varied=False)
    forms = ("int8", "dynamic-range") if precision == "int8" else ("float32",)
    seen = _joined([ranges.windows(rng).inputs for _ in range(RANGE_BATCHES)])
    held = _joined([parity.windows(rng).inputs for _ in range(PARITY_BATCHES)])
    (seen_sequences,) = ranges.sequences(rng).inputs
    (held_sequences,) = parity.sequences(rng).inputs
    tried = {
        "cnn": [convert_cnn(cnn, form, seen, held) for form in forms],
        "rnn": [convert_rnn(rnn, run, form, seen_sequences, held_sequences) for form in forms],
    }
    made = {name: min(each, key=lambda one: one.deviation) for name, each in tried.items()}
    for name, best in made.items():
        if best.agreement < MIN_AGREEMENT:
            raise ExportError(
                f"the {name.upper()} names the same mood as Keras for only {best.agreement:.1%} of "
                f"what it hears, at least {MIN_AGREEMENT:.0%} are wanted: nothing was written"
            )
    write_bundle(run, part, folder, made["cnn"], made["rnn"], training or {}, results or {})
    return {name: _facts(best) for name, best in made.items()} | {
        f"{name}_tried": {one.quantisation: _facts(one) for one in each}
        for name, each in tried.items()
    }


def _facts(made: Converted) -> dict[str, Any]:
    return {
        "quantisation": made.quantisation,
        "bytes": len(made.content),
        "agreement_with_keras": made.agreement,
        "logit_deviation": made.deviation,
    }


def convert_cnn(
    model: keras.Model,
    quantisation: str,
    ranges: tuple[Float32, ...],
    inputs: tuple[Float32, ...],
) -> Converted:
    """The CNN, with ranges from some windows and textures, checked on others."""
    frames, texture = inputs
    content = convert(
        model,
        [
            tf.TensorSpec((1, *frames.shape[1:]), name="frames"),
            tf.TensorSpec((1, *texture.shape[1:]), name="texture"),
        ],
        lambda frames, texture: {"logits": model([frames, texture], training=False)},
        quantisation,
        lambda: ({"frames": f[None], "texture": t[None]} for f, t in zip(*ranges, strict=True)),
    )
    runtime = tflite.Model(content)
    found = np.concatenate(
        [
            runtime.run(frames=f[None], texture=t[None])["logits"]
            for f, t in zip(frames, texture, strict=True)
        ]
    )
    return _converted(content, quantisation, found, model.predict([frames, texture], verbose=0))


def convert_rnn(
    trained: keras.Model, run: Run, quantisation: str, ranges: Float32, sequences: Float32
) -> Converted:
    """The RNN's single step, checked on sequences that are fed step by step.

    Args:
        trained: the sequence model.
        run: whose recipe it was made with.
        quantisation: int8, dynamic-range or float32.
        ranges: normalised sequences [shape=(n, steps, step_frames * n_mfcc)]
        sequences: others, for the check.
    """
    recipe, spec = run.recipe.rnn, run.recipe.features
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
    return _converted(content, quantisation, found, trained.predict(sequences, verbose=0))


def _joined(batches: Sequence[tuple[Float32, ...]]) -> tuple[Float32, ...]:
    return tuple(np.concatenate(each) for each in zip(*batches, strict=True))


def _pairs(sequences: Float32) -> Iterator[Float32]:
    """Two at a time, as the exported step takes them; the number must be even."""
    for begin in range(0, len(sequences), 2):
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
    part: str,
    folder: Path,
    cnn: Converted,
    rnn: Converted,
    training: dict[str, Any],
    results: dict[str, Any],
) -> Card:
    """Write ``cnn.tflite``, ``rnn.tflite`` and ``card.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    recipe, calibration = run.recipe, run.calibration(part)

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
        name=f"moodstream {run.name} {part}",
        created=datetime.now(UTC).date().isoformat(),
        labels=MOODS,
        features=recipe.features,
        normalisation=run.normalisation(part),
        chroma=recipe.chroma,
        texture=run.texture(part),
        cnn=ArtifactSpec(**artifact("cnn", cnn, calibration.cnn_temperature, share)),
        rnn=RnnSpec(
            **artifact("rnn", rnn, calibration.rnn_temperature, round(1 - share, 3)),
            memory_steps=recipe.rnn.memory_steps,
        ),
        silence=recipe.silence,
        smoothing=run.smoothing,
        self_test=SelfTestSpec(((((0.0,) * len(MOODS)),) * 3,), 1.0),
        training=training,
        results=results,
    )
    heard = self_test.record(Bundle(card, "", cnn.content, rnn.content))
    card = replace(card, self_test=heard)
    (folder / CARD).write_text(json.dumps(asdict(card), indent=1) + "\n")
    return card
