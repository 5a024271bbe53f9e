"""Texts for the card of a bundle, and its page ``MODEL_CARD.md``."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from moodstream.whole_file import written_whole
from moodstream_train.card import results as card_results
from moodstream_train.report import protocol
from moodstream_train.report.names import CORPUS_TITLES, HEADLINES
from moodstream_train.training.run import CORPUS_OF, FINAL, NOISE, Run

MODEL_CARD = "MODEL_CARD.md"
LICENCES = {
    "ravdess": (
        "RAVDESS: Livingstone & Russo (2018), The Ryerson Audio-Visual Database of Emotional "
        "Speech and Song, Zenodo record 1188976; CC BY-NC-SA 4.0"
    ),
    "cremad": (
        "CREMA-D: Cao, Cooper, Keutmann, Gur, Nenkova & Verma (2014), CREMA-D: Crowd-sourced "
        "Emotional Multimodal Actors Dataset, IEEE Transactions on Affective Computing; Open "
        "Database License"
    ),
    "4q": (
        "4Q: Panda, Malheiro & Paiva (2018), Novel audio features for music emotion recognition, "
        "IEEE Transactions on Affective Computing; for research use"
    ),
    "emopia": (
        "EMOPIA 1.0: Hung et al. (2021), EMOPIA: A multi-modal pop piano dataset for emotion "
        "recognition and emotion-based music generation, Zenodo record 5090631; CC BY-NC-SA 4.0"
    ),
    "own": "own recordings of the person who trained the models",
}
"""Citations and licences of the corpora. They bind the weights."""
NON_COMMERCIAL = {"ravdess": "RAVDESS", "4q": "4Q", "emopia": "EMOPIA"}
CARD_COLUMNS = (
    ("float32", "fused", "float32, both"),
    ("int8", "cnn", "int8, CNN"),
    ("int8", "rnn", "int8, RNN"),
    ("int8", "fused", "int8, both"),
)
"""Precision, model and heading."""


def training_of(run: Run, part: str = FINAL) -> dict[str, Any]:
    """Return the training data and the recipe of a part, for the card."""
    shares = asdict(run.recipe.shares)
    sources = dict.fromkeys(
        CORPUS_OF[name] for name, share in shares.items() if share and name in CORPUS_OF
    )
    return {
        "recipe_name": run.name,
        "part": part,
        "corpora": {source: LICENCES[source] for source in sources},
        "clips": run.corpora["clips"],
        "groups": run.corpora["groups"],
        "missing": run.corpora["warnings"],
        "seed": run.seed,
        "recipe": json.loads(json.dumps(asdict(run.recipe))),
        "calibration": {
            **asdict(run.calibration(part)),
            "from": "mean of the folds, each from inner groups of its training side"
            if part == FINAL
            else "inner groups of its training side",
        },
        "licence": _licence(list(sources)),
    }


def results_of(run: Run, note: str) -> dict[str, Any]:
    """Return the figures of the folds, for the card.

    Args:
        run: with measured parts.
        note: remark, for example on how the recipe was chosen.
    """
    measured = card_results.compact(run)
    if measured is None:
        return {
            "measured": False,
            "note": "no fold of this recipe has been measured",
            "remark": note,
        }
    return {
        "measured": True,
        "note": (
            "The figures are of the fold models, which are trained by the same recipe without the "
            "held-out groups. The shipped model is trained on all data and has no held-out data."
        ),
        "remark": note,
        "protocol": protocol.text(),
        **measured,
    }


def write(
    folder: Path,
    training: dict[str, Any],
    results: dict[str, Any],
    parity: dict[str, Any],
) -> None:
    """Write the page for people.

    Args:
        folder: of the bundle.
        training: from :func:`training_of`.
        results: from :func:`results_of`.
        parity: from ``export.export_part``.
    """
    sizes = ", ".join(
        f"`{name}.tflite` {parity[name]['bytes'] // 1024} KB ({parity[name]['quantisation']})"
        for name in ("cnn", "rnn")
    )
    page = f"""# The bundle

{_models(training["recipe"])}: {sizes}.
Made by `moodstream train` (recipe {training["recipe_name"]}, seed {training["seed"]}) and
`moodstream export`. `card.json` holds the full recipe; `docs/training.md` of the source code says
how to repeat it.

## Data and licence

{_corpora(training)}
{_missing(training["missing"])}
The code of moodstream is MIT licensed. {_bold(training["licence"])} No audio of the corpora is part
of the bundle.

## What was measured

{_results(results)}
Agreement with Keras in the shipped form, on training features: the same mood on
{_parity(parity["cnn"])} of windows (CNN) and {_parity(parity["rnn"])} of steps (RNN).

{_uses(training["recipe"])}
{_failures(results)}{_fairness(results)}"""
    with written_whole(folder / MODEL_CARD, "w") as file:
        file.write(page)


def _uses(recipe: dict[str, Any]) -> str:
    spec = recipe["features"]
    minutes = recipe["prior_frames"] * spec["hop_length"] / 60 / spec["sample_rate"]
    return f"""## What it is for

A rough sense of the mood of a room from music and voices. The models follow loudness, timbre and
harmony over time, not words.

## What it is not for

- Judging people. The voices are of actors who play moods in North American English. A voice does
  not tell how a person feels. Do not use the models on employees, pupils or customers.
- Single moods of music. Music is labelled with quadrants only. The mood within a quadrant follows
  from the voices and means little.
- Sounds far from the recordings. The data has no other languages, children, crowds or distant
  microphones. The normaliser adapts to a room within {minutes:g} minutes. Row X of
  `moodstream evaluate` measures what this wins from one corpus to another.
"""


def _licence(sources: list[str]) -> str:
    bound = [NON_COMMERCIAL[source] for source in sources if source in NON_COMMERCIAL]
    if not bound:
        return "The weights follow the licences of the corpora above."
    *most, last = bound
    named = f"{', '.join(most)} and {last} are" if most else f"{last} is"
    return f"These weights are for non-commercial use only, because {named}."


def _bold(text: str) -> str:
    return f"**{text}**"


def _models(recipe: dict[str, Any]) -> str:
    """Describe the models and the seconds that they see."""
    rate = recipe["features"]["sample_rate"] / recipe["features"]["hop_length"]
    window_s = recipe["cnn"]["window_frames"] / rate
    texture_s = recipe["texture"]["length"] / rate
    memory_s = recipe["rnn"]["memory_steps"] * recipe["rnn"]["step_frames"] / rate
    beside = f" and statistics over {texture_s:g}" if recipe["cnn"]["texture"] else ""
    return (
        f"A small CNN over {window_s:g} seconds of MFCC frames{beside}, and a GRU network with "
        f"{memory_s:g} seconds of memory,\nwhich name one of eight moods"
    )


def _corpora(training: dict[str, Any]) -> str:
    lines = []
    for source, citation in training["corpora"].items():
        each = []
        for corpus, name in CORPUS_TITLES.items():
            own = [n for key, n in training["clips"].items() if key.split()[0] == corpus]
            if CORPUS_OF[corpus] == source and own:
                each.append(f"{sum(own)} clips of {name}")
        lines.append(f"- {citation}: {', '.join(each) or 'no clip'}.")
    made = sum(n for key, n in training["clips"].items() if key.split()[0] == NOISE)
    if made:
        lines.append(f"- {made} noises and hums made by formula, which have no mood.")
    return "\n".join(lines)


def _missing(warnings: list[str]) -> str:
    if not warnings:
        return ""
    return "\nThe corpora were not complete:\n\n" + "".join(f"- {line}\n" for line in warnings)


def _parity(parity: dict[str, Any]) -> str:
    return f"{100 * parity['agreement_with_keras']:.1f} %"


def _results(results: dict[str, Any]) -> str:
    if not results["measured"]:
        return "Nothing: no fold of this recipe has been measured.\n"
    lines = [f"| % | {' | '.join(name for _, _, name in CARD_COLUMNS)} |", "|---" * 5 + "|"]
    for corpus in results["models"]["int8"]["fused"]:
        name, key = HEADLINES[corpus]
        each = [results["models"][precision][model][corpus] for precision, model, _ in CARD_COLUMNS]
        lines.append(f"| {name} | {' | '.join(_spread(one[key]) for one in each)} |")
    clips = results["models"]["int8"]["fused"]
    counts = ", ".join(
        f"{one['clips']} of {CORPUS_TITLES[corpus]}" for corpus, one in clips.items()
    )
    silent = sum(one["silent"] for one in clips.values())
    agreement = results["agreement"]["fused"]
    return (
        "\n".join(lines)
        + f"""

Mean and standard deviation over {len(results["folds"])} folds (seed {results["seed"]}). Held-out
clips: {counts}. {silent} of them count as wrong because they have no audible sound.
The int8 and the float32 bundle named the same mood for {agreement:.1f} % of the clips.
{results["note"]} {results["remark"]}

{_calibration(results["calibration"])}
{results["protocol"]}

"""
    )


def _spread(found: dict[str, float]) -> str:
    return f"{found['mean']:.1f} ± {found['std']:.1f}"


def _calibration(found: dict[str, dict[str, float]]) -> str:
    lines = [
        "| int8, both | calibration error | accuracy, % | of the 70 % most confident, % |",
        "|---|---|---|---|",
    ]
    for corpus, own in found.items():
        cells = f"{own['ece']:.3f} | {own['accuracy']:.1f} | {own['sure_accuracy']:.1f}"
        lines.append(f"| {CORPUS_TITLES[corpus]} | {cells} |")
    return "\n".join(lines) + "\n"


def _failures(results: dict[str, Any]) -> str:
    """List the most frequent mistakes and the most costly conditions."""
    lines = []
    for corpus, found in results.get("weakest", {}).items():
        lines.append(
            f"- In {CORPUS_TITLES[corpus]}, {found['label']} is recognised worst "
            f"({found['recall']:.0f} %), and {found['true']} is taken for {found['named']} "
            f"most often ({found['share']:.0f} % of its clips)."
        )
    for corpus, worst in results.get("robustness", {}).items():
        lines.append(
            f"- Among the tried conditions, {worst['condition']} costs "
            f"{CORPUS_TITLES[corpus]} most: {worst['drop']:.1f} points."
        )
    return "\n".join(["## Where it fails", "", *lines, ""]) if lines else ""


def _fairness(results: dict[str, Any]) -> str:
    lines = []
    for corpus, sexes in results.get("sex", {}).items():
        name, key = HEADLINES[corpus]
        each = [
            f"{who} {own[key]:.1f} (95 %: {own['interval'][0]:.1f} to {own['interval'][1]:.1f})"
            for who, own in (("women", sexes["female"]), ("men", sexes["male"]))
        ]
        lines.append(f"- {name}: {', '.join(each)}.")
    if not lines:
        return ""
    head = ["", "## Women and men", ""]
    tail = [
        "",
        "The tables of the corpora name only two sexes, and all of the people are actors.",
    ]
    return "\n".join([*head, *lines, *tail, ""])
