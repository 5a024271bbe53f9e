"""Runs that were never trained: folders with what was measured of them, for what is made of it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from moodstream.mood.circumplex import MOODS, QUADRANTS
from moodstream_train.evaluation import evaluate, measured
from moodstream_train.measure import figures, songs
from moodstream_train.measure.robustness.conditions import conditions
from moodstream_train.measure.songs import Song
from moodstream_train.measure.streams import KINDS
from moodstream_train.measure.verdict import Verdict
from moodstream_train.parts import FINAL, FOLDS, RANDOM
from moodstream_train.recipe import Recipe
from moodstream_train.recipes import RECIPES
from moodstream_train.training.calibrate import Calibration
from tests.train.measuring import MOOD_OF, verdict

CLIPS = 10
"""Of each label and fold."""
LABELS = {
    "song": MOODS[:6],
    "speech": MOODS,
    "cremad": figures.SHARED_MOODS,
    "music": QUADRANTS,
    "emopia": QUADRANTS,
}
OF_RECIPE = {
    "shipped": ("song", "speech", "cremad", "music", "emopia"),
    "voice": ("song", "speech", "cremad"),
    "music": ("music",),
    "speech": ("speech",),
    "cremad": ("cremad",),
    "emopia": ("emopia",),
    "songs-80": ("song",),
    "songs-75": ("song",),
}
Right = Callable[[str, str], int]
"""Of the clips of a corpus and a fold with one label, how many are right."""


def heard(corpus: str, fold: str, right: int) -> list[Verdict]:
    """Clips of each label; the wrong ones are taken for the label that follows."""
    labels = LABELS[corpus]
    found = []
    for place, label in enumerate(labels):
        for i in range(CLIPS):
            said = label if i < right else labels[(place + 1) % len(labels)]
            sex = None if label in QUADRANTS else ("female", "male")[i % 2]
            found.append(
                verdict(
                    label,
                    MOOD_OF.get(said, said),
                    0.99 if i < right else 0.4,
                    corpus,
                    f"{corpus} {fold} {i // 2}",
                    sex,
                    f"{corpus}-{fold}-{label}-{i}",
                )
            )
    return found


def make(
    folder: Path,
    recipe: str,
    seed: int,
    right: Right,
    extra: Mapping[str, Any] | None = None,
    changed: Recipe | None = None,
    folds: tuple[str, ...] = FOLDS,
) -> Path:
    """A run that was measured.

    Args:
        folder: of the run.
        recipe: its name.
        seed: of the run.
        right: how good it is.
        extra: what else was measured.
        changed: the recipe, if it is not the one of its name.
        folds: what is finished.
    """
    corpora = OF_RECIPE[recipe]
    leaky = recipe.startswith("songs")
    parts = [RANDOM] if leaky else [*folds, FINAL]
    clips = {
        f"{corpus} {label}": CLIPS * len(folds) for corpus in corpora for label in LABELS[corpus]
    }
    clips |= {"noise none": CLIPS} if recipe == "shipped" else {}
    counts = {"clips": clips, "groups": 25, "warnings": []}
    results: dict[str, Any] = {"recipe": recipe, "seed": seed, "parts": parts, "corpora": counts}
    verdicts = {
        part: [one for corpus in corpora for one in heard(corpus, part, right(corpus, part))]
        for part in parts
    }
    if leaky:
        results["leaky"] = {
            precision: {
                model: asdict(figures.by_corpus(verdicts[RANDOM], model)["song"])
                for model in ("fused", "cnn", "rnn")
            }
            for precision in measured.PRECISIONS
        }
    else:
        each = [verdicts[fold] for fold in folds]
        results["folds"] = evaluate.over_folds({"int8": each, "float32": each}, folds)
    folder.mkdir(parents=True)
    tree = {"name": recipe, "data": "data", "cache": "cache", "seed": seed, "corpora": counts}
    tree["recipe"] = asdict(changed or RECIPES[recipe])
    (folder / "run.json").write_text(json.dumps(tree))
    (folder / "results.json").write_text(json.dumps({**results, **(extra or {})}))
    for part in parts:
        kept = folder / part / "measured"
        kept.mkdir(parents=True)
        for precision, kilobytes in (("int8", 200), ("float32", 800)):
            said = [asdict(one) for one in verdicts[part]]
            (kept / f"verdicts-{precision}.json").write_text(json.dumps(said))
            facts = {"bytes": kilobytes * 1000, "quantisation": precision}
            (kept / f"parity-{precision}.json").write_text(json.dumps({"cnn": facts, "rnn": facts}))
        (folder / part / "calibration.json").write_text(json.dumps(asdict(Calibration())))
        for model in ("cnn", "rnn"):
            (folder / part / f"{model}-curves.png").write_bytes(b"curves")
    for corpus in corpora:
        (folder / f"confusion-{corpus}.png").write_bytes(b"confusion")
    return folder


def robustness(drops: Mapping[str, float]) -> dict[str, Any]:
    """Drops of all corpora by condition, in each fold; where none is given, one point."""
    return {
        name: {
            corpus: measured.spread([drops.get(name, 1.0)] * len(FOLDS))
            for corpus in ("song", "speech", "music")
        }
        for name in ("clean", *conditions(), "babble 10 dB")
    }


def streams(false_changes: float) -> dict[str, Any]:
    """The smoothing is two points above the moving average."""
    keys = {"share_said": 90.0, "median_delay_s": 3.2, "never": 4.0, "lapses": 0.1}
    silent = {"share_said": measured.spread([1.5] * len(FOLDS))}
    return {"noise, hum and silence": silent} | {
        f"{kind}, {how}": {
            key: measured.spread([value] * len(FOLDS))
            for key, value in {**keys, "share_right": share, "false_changes": false_changes}.items()
        }
        for kind in KINDS
        for how, share in (("smoothing", 72.0), ("moving average", 70.0))
    }


def table_of_songs(right: int) -> dict[str, Any]:
    """Twenty songs, of which both models together have some right."""
    chosen = [
        Song(f"Artist - Song {i}", "Q1", "Q2", "Q1", "Q1" if i < right else "Q3") for i in range(20)
    ]
    return {"table": songs.markdown(chosen), "right": songs.right(chosen), "of": len(chosen)}


def rooms(on: str, cold: float, warm: float, drops: Mapping[str, float]) -> dict[str, Any]:
    """Of a model of one corpus on another."""
    return {
        "on": on,
        "rooms": {
            "learning": {"prior_frames": None, "memory_frames": None},
            "clips": 100,
            "cold": cold,
            "warm": warm,
            "warm_orders": [warm - 1, warm, warm + 1],
        },
        "evening": {"balanced": warm, "drops": dict(drops)},
    }


def with_dropout(recipe: str, dropout: float) -> Recipe:
    """A recipe as ``--set cnn.dropout=…`` makes it."""
    standard = RECIPES[recipe]
    return replace(standard, cnn=replace(standard.cnn, dropout=dropout))
