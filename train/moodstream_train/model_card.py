"""What the bundle says of itself: in ``card.json``, and in ``MODEL_CARD.md`` for people."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from moodstream_train.evaluate import PROTOCOL, RESULTS, SHIPPED
from moodstream_train.run import Run

MODEL_CARD = "MODEL_CARD.md"
LICENCES = {
    "RAVDESS": (
        "Livingstone & Russo (2018), The Ryerson Audio-Visual Database of Emotional Speech and "
        "Song, Zenodo record 1188976, CC BY-NC-SA 4.0"
    ),
    "4Q": (
        "Panda, Malheiro & Paiva (2018), Novel audio features for music emotion recognition, "
        "IEEE Transactions on Affective Computing; for research use"
    ),
}
"""Of the corpora, which bind the weights: they are not for commercial use."""

_NAMES = {"speech": "RAVDESS speech, 8 moods, UAR", "song": "RAVDESS song, 6 moods, UAR"}
_NAMES |= {"music": "4Q music, quadrant, accuracy", "music_f1": "4Q music, quadrant, macro-F1"}


def training_of(run: Run) -> dict[str, Any]:
    """What the final model was trained on, for the card."""
    calibration = asdict(run.calibration(None))
    return {
        "corpora": LICENCES,
        "clips": run.corpora["clips"],
        "groups": run.corpora["groups"],
        "missing": run.corpora["warnings"],
        "seed": run.seed,
        "recipe": json.loads(json.dumps(asdict(run.recipe))),
        "calibration": {
            **calibration,
            "from": "mean of the folds, each from inner groups of its training side",
        },
        "licence": "weights for non-commercial use, as the corpora demand",
    }


def results_of(run: Run, note: str) -> dict[str, Any]:
    """What was measured on the folds, for the card; says so where nothing was."""
    path = run.folder / RESULTS
    if not path.exists():
        return {
            "measured": False,
            "note": "no fold of this recipe has been measured",
            "remark": note,
        }
    measured = json.loads(path.read_text())
    return {
        "measured": True,
        "note": (
            "Figures are of the fold models, made with the same recipe without the held-out "
            "groups. The shipped model is trained on everything, so it has no held-out data."
        ),
        "remark": note,
        **{key: value for key, value in measured.items() if key != "parity"},
    }


def write(
    folder: Path,
    training: dict[str, Any],
    results: dict[str, Any],
    parity: dict[str, Any],
) -> None:
    """Write the page for people."""
    sizes = ", ".join(
        f"`{name}.tflite` {parity[name]['bytes'] // 1024} KB ({parity[name]['quantisation']})"
        for name in ("cnn", "rnn")
    )
    clips = training["clips"]
    totals = {
        corpus: sum(n for name, n in clips.items() if name.startswith(corpus))
        for corpus in ("speech", "song", "music")
    }
    folder.joinpath(MODEL_CARD).write_text(
        f"""# The shipped bundle

A small CNN over three seconds and a GRU network with sixteen seconds of memory, which name one of
eight moods from MFCC frames: {sizes}.
Made by `moodstream train` and `moodstream export` from one recipe, which `card.json` holds in full;
`docs/training.md` of the source says how to repeat it.

## Data and licence

- {LICENCES["RAVDESS"]}: {totals["speech"]} clips of speech, {totals["song"]} of song.
- {LICENCES["4Q"]}: {totals["music"]} clips of music, each labelled with its quadrant.
{_missing(training["missing"])}
The code of moodstream is MIT licensed. **These weights are for non-commercial use only**, because
the corpora are. No audio of the corpora is part of the bundle.

## What was measured

{_results(results)}
Parity with Keras in the form that is shipped (training features): the same mood on
{_percent(parity["cnn"])} of windows (CNN) and {_percent(parity["rnn"])} of steps (RNN).

## What it is for

A rough sense of the mood of a room: music that plays, voices that carry. It follows loudness,
timbre and their course, not words.

## What it is not for

- Judging people. The voices are those of 24 actors who play moods in North American English; how
  a person feels cannot be read off a voice, and any use on employees, pupils or customers is out of
  the question.
- Single moods of music. Music was labelled with quadrants only; which mood of a quadrant is named
  for it follows from the voices, and means little.
- Rooms far from the recordings: other languages, children, crowds and distant microphones were not
  in the data. The normaliser adapts to a room within hours; whether and how much that helps
  was not measured for this bundle.
{_weakest(results)}""",
        encoding="utf-8",
    )


def _percent(parity: dict[str, Any]) -> str:
    return f"{100 * parity['agreement_with_keras']:.1f} %"


def _weakest(results: dict[str, Any]) -> str:
    """What was measured to be mixed up most, a line a corpus."""
    lines = []
    for corpus, found in results.get("confusion", {}).items():
        counts, labels = np.array(found["counts"]), found["labels"]
        share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        known = np.flatnonzero(counts.sum(axis=1))
        worst = int(known[np.argmin(share.diagonal()[known])])
        wrong = share * (1 - np.eye(len(labels)))
        true, named = np.unravel_index(int(wrong.argmax()), wrong.shape)
        lines.append(
            f"- In {corpus}, {labels[worst]} is recognised worst "
            f"({100 * share[worst, worst]:.0f} %), and {labels[true]} is taken for {labels[named]} "
            f"most often ({100 * wrong[true, named]:.0f} % of its clips).\n"
        )
    return "".join(lines)


def _missing(warnings: list[str]) -> str:
    if not warnings:
        return ""
    return "\nThe corpora were not complete:\n" + "".join(f"- {line}\n" for line in warnings)


def _results(results: dict[str, Any]) -> str:
    if not results["measured"]:
        return "Nothing: no fold of this recipe has been measured.\n"
    lines = [
        "| | float32, both | int8, CNN | int8, RNN | int8, both |",
        "|---|---|---|---|---|",
    ]
    columns = (("float32", "fused"), (SHIPPED, "cnn"), (SHIPPED, "rnn"), (SHIPPED, "fused"))
    for key, name in _NAMES.items():
        cells = [results["models"][precision][model].get(key) for precision, model in columns]
        shown = [f"{cell['mean']:.1f} ± {cell['std']:.1f}" if cell else "-" for cell in cells]
        lines.append(f"| {name} | " + " | ".join(shown) + " |")
    counts = results["clips"]
    agreement = results["int8_float32_agreement"]
    return (
        "\n".join(lines)
        + f"""

Percent, mean and standard deviation over the folds {results["folds"]} (seed {results["seed"]};
{counts["speech"]} clips of speech, {counts["song"]} of song, {counts["music"]} of music;
{results["silent_clips"]} of them counted as wrong because nothing was heard in them).
The int8 and the float32 bundle named the same mood for {agreement["fused"]:.1f} % of the clips.
{results["note"]} {results["remark"]}

{PROTOCOL}

"""
    )
