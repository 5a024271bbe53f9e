"""Export of a part of a run as a bundle: TFLite files, and the card that describes them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from moodstream import self_test
from moodstream.arrays import Float32
from moodstream.bundle import tflite
from moodstream.bundle.bundle import Bundle
from moodstream.bundle.card import CARD_SCHEMA, Card, CnnSpec, RnnSpec, SelfTestSpec
from moodstream.bundle.disk import CARD
from moodstream.mood.circumplex import MOODS
from moodstream.whole_file import written_whole
from moodstream_train.corpora import Clip
from moodstream_train.dataset.examples import Examples
from moodstream_train.dataset.features import Features
from moodstream_train.export.convert import Converted, ExportError, convert_cnn, convert_rnn
from moodstream_train.training.run import Run

RANGE_BATCHES = 6
"""Number of training batches that determine the ranges of int8 activations."""
PARITY_BATCHES = 4
FORMS = {
    "int8": ("int8", "dynamic-range"),
    "float32": ("float32",),
    "auto": ("int8", "dynamic-range", "float32"),
}
"""Quantisations to try for each precision."""
MIN_AGREEMENT = 0.9
"""Smallest agreement with Keras. Rounding to 8 bits costs a few percent; a broken conversion drops
to chance."""


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
    """Write the bundle of a part of a run.

    Args:
        run: to which the part belongs.
        part: name of the part.
        precision: ``float32``, ``int8`` or ``auto``. ``int8`` has weights of 8 bits, and computes
            with 8-bit activations or in dynamic range, whichever is closer to Keras. ``auto`` is
            ``int8`` if that agrees with Keras, and else ``float32``.
        clips: all clips of the run.
        loaded: features of the clips.
        folder: of the bundle.
        training: for the card: data and recipe.
        results: for the card: measured figures.

    Returns:
        quantisation, bytes and agreement with Keras of each model, on held-out features. The final
        model has no held-out features and is checked on training features.

    Raises:
        ExportError: a converted model disagrees with Keras.
    """
    tried = _converted(run, part, _forms(run, precision), clips, loaded)
    made = {name: _best(each) for name, each in tried.items()}
    for name, best in made.items():
        if best.agreement < MIN_AGREEMENT:
            raise ExportError(
                f"the converted {name.upper()} names the same mood as Keras for only "
                f"{best.agreement:.1%} of its inputs; at least {MIN_AGREEMENT:.0%} are needed. "
                "Nothing was written; try --precision float32"
            )
    write_bundle(run, part, folder, made["cnn"], made["rnn"], training or {}, results or {})
    return {name: _facts(best) for name, best in made.items()} | {
        f"{name}_tried": {one.quantisation: _facts(one) for one in each}
        for name, each in tried.items()
    }


def _forms(run: Run, precision: str) -> dict[str, Sequence[str]]:
    """Return the quantisations to try for each model.

    A fine-tuned model uses the 8-bit quantisation of its start bundle.
    """
    made: dict[str, Sequence[str]] = dict.fromkeys(("cnn", "rnn"), FORMS[precision])
    if run.start and precision == "int8":
        of_start = {"cnn": run.start.card.cnn, "rnn": run.start.card.rnn}
        small = {name: (one.quantisation,) for name, one in of_start.items()}
        made |= {name: form for name, form in small.items() if form != FORMS["float32"]}
    return made


def _converted(
    run: Run, part: str, forms: dict[str, Sequence[str]], clips: Sequence[Clip], loaded: Features
) -> dict[str, list[Converted]]:
    """Convert both models of a part with each of their quantisations."""
    cnn, rnn = run.models(part)
    sides = run.split(clips, part)
    prior = run.prior(part)
    rng = np.random.default_rng(run.seed)
    ranges = Examples(clips, [loaded], sides.train, prior, run.recipe, varied=False)
    parity = Examples(clips, [loaded], sides.test or sides.train, prior, run.recipe, varied=False)
    seen = _joined([ranges.windows(rng).inputs for _ in range(RANGE_BATCHES)])
    held = _joined([parity.windows(rng).inputs for _ in range(PARITY_BATCHES)])
    (seen_sequences,) = ranges.sequences(rng).inputs
    (held_sequences,) = parity.sequences(rng).inputs
    return {
        "cnn": [convert_cnn(cnn, run.recipe.hop_frames, form, seen, held) for form in forms["cnn"]],
        "rnn": [
            convert_rnn(rnn, run.recipe, form, seen_sequences, held_sequences)
            for form in forms["rnn"]
        ],
    }


def _best(tried: Sequence[Converted]) -> Converted:
    """Return the closest small model, or the float32 model if no small one is close enough."""
    small = [one for one in tried if one.quantisation != "float32"]
    close = [one for one in small if one.agreement >= MIN_AGREEMENT]
    if small and not close and len(small) < len(tried):
        return tried[-1]
    return min(close or small or tried, key=lambda one: one.deviation)


def _facts(made: Converted) -> dict[str, Any]:
    return {
        "quantisation": made.quantisation,
        "bytes": len(made.content),
        "agreement_with_keras": made.agreement,
        "logit_deviation": made.deviation,
    }


def _joined(batches: Sequence[tuple[Float32, ...]]) -> tuple[Float32, ...]:
    return tuple(np.concatenate(each) for each in zip(*batches, strict=True))


def write_bundle(
    run: Run,
    part: str,
    folder: Path,
    cnn: Converted,
    rnn: Converted,
    training: dict[str, Any],
    results: dict[str, Any],
) -> Card:
    """Write ``cnn.tflite``, ``rnn.tflite`` and ``card.json``, the card last."""
    folder.mkdir(parents=True, exist_ok=True)
    recipe, calibration = run.recipe, run.calibration(part)

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
        cnn=CnnSpec(
            **_artifact(folder, "cnn", cnn, calibration.cnn_temperature, share),
            window_frames=recipe.cnn.window_frames,
        ),
        rnn=RnnSpec(
            **_artifact(folder, "rnn", rnn, calibration.rnn_temperature, round(1 - share, 3)),
            memory_steps=recipe.rnn.memory_steps,
        ),
        silence=recipe.silence,
        smoothing=run.smoothing,
        hearing=run.hearing,
        self_test=SelfTestSpec((), (), (), 1.0),
        training=training,
        results=results,
    )
    heard = self_test.record(Bundle(card, "", cnn.content, rnn.content))
    card = replace(card, self_test=heard)
    with written_whole(folder / CARD, "w") as file:
        file.write(json.dumps(asdict(card), indent=1) + "\n")
    return card


def _artifact(
    folder: Path, name: str, made: Converted, temperature: float, weight: float
) -> dict[str, Any]:
    """Write a model to a folder, and return its entry of the card."""
    with written_whole(folder / f"{name}.tflite") as file:
        file.write(made.content)
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
