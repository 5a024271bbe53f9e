"""Results for the card: the main figures without every list."""

import json
from typing import Any

import numpy as np

from moodstream.arrays import Numbers
from moodstream_train.evaluation.measured import RESULTS, SHIPPED
from moodstream_train.measure import figures
from moodstream_train.measure.robustness import drops
from moodstream_train.measure.streams import KINDS
from moodstream_train.report.gathered import verdicts
from moodstream_train.report.names import HEADLINES
from moodstream_train.training.run import Run

KEYS = ("uar", "accuracy", "macro_f1", "loss")
STREAM_KEYS = ("median_delay_s", "share_right", "false_changes")


def compact(run: Run) -> dict[str, Any] | None:
    """Return the figures of a run's folds; None if none was measured."""
    path = run.folder / RESULTS
    measured = json.loads(path.read_text()) if path.exists() else {}
    if "folds" not in measured:
        return None
    folds = measured["folds"]
    found: dict[str, Any] = {
        "recipe": measured["recipe"],
        "seed": measured["seed"],
        "folds": folds["folds"],
        "models": {
            precision: {
                model: {corpus: _brief(one) for corpus, one in own.items()}
                for model, own in folds[precision].items()
            }
            for precision in ("float32", SHIPPED)
        },
        "agreement": folds["agreement"],
        "calibration": {
            corpus: {key: own[key] for key in ("clips", "ece", "accuracy", "sure_accuracy")}
            for corpus, own in folds["calibration"].items()
        },
        "sex": {
            corpus: {sex: _of_sex(own, HEADLINES[corpus][1]) for sex, own in sexes.items()}
            for corpus, sexes in folds["sex"].items()
        },
        "weakest": _weakest(run, folds["folds"]),
    }
    if "robustness" in measured:
        found["robustness"] = _worst_conditions(measured["robustness"])
    if "streams" in measured:
        found["streams"] = {
            kind: {
                key: measured["streams"][f"{kind}, smoothing"][key]["mean"] for key in STREAM_KEYS
            }
            for kind in KINDS
        }
    if "songs" in measured:
        found["songs"] = {key: measured["songs"][key] for key in ("right", "of")}
    return found


def weakest(counts: Numbers, labels: list[str]) -> dict[str, Any]:
    """Find the label with the lowest recall and the most frequent mistake, percent.

    Args:
        counts: a confusion matrix [shape=(true, named)].
        labels: names of its axes.
    """
    known = np.flatnonzero(counts.sum(axis=1))
    share = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    worst = int(known[np.argmin(share.diagonal()[known])])
    wrong = share * (1 - np.eye(len(labels)))
    true, named = (int(i) for i in np.unravel_index(int(wrong.argmax()), wrong.shape))
    return {
        "label": labels[worst],
        "recall": round(float(share[worst, worst]), 1),
        "true": labels[true],
        "named": labels[named],
        "share": round(float(wrong[true, named]), 1),
    }


def _brief(one: dict[str, Any]) -> dict[str, Any]:
    spreads = {key: {"mean": one[key]["mean"], "std": one[key]["std"]} for key in KEYS}
    return {"clips": one["clips"], "silent": one["silent"], **spreads}


def _of_sex(own: dict[str, Any], key: str) -> dict[str, Any]:
    return {"clips": own["clips"], key: own[key], "interval": own[f"{key}_interval"]}


def _weakest(run: Run, folds: list[str]) -> dict[str, Any]:
    pooled = [one for fold in folds for one in verdicts(run.folder, fold, SHIPPED)]
    found = {}
    for corpus in sorted({one.corpus for one in pooled}):
        counts, labels = figures.confusion([one for one in pooled if one.corpus == corpus])
        if counts.any():
            found[corpus] = weakest(counts, labels)
    return found


def _worst_conditions(measured: dict[str, Any]) -> dict[str, Any]:
    """Return the most costly condition for each corpus, and its points."""
    worst: dict[str, Any] = {}
    for condition, lost in measured.items():
        for corpus, drop in lost.items():
            if condition != drops.CLEAN and (
                corpus not in worst or drop["mean"] > worst[corpus]["drop"]
            ):
                worst[corpus] = {"condition": condition, "drop": drop["mean"]}
    return worst
