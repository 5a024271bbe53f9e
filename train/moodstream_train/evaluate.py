"""Measures the folds of a run: exported bundles, through the runtime, on who was held out."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from moodstream_train import export, judge, pictures, splits
from moodstream_train.corpora import Clip
from moodstream_train.features import Features
from moodstream_train.judge import MODELS, Verdict
from moodstream_train.run import Run, Say

PRECISIONS = ("float32", "int8")
SHIPPED = "int8"
MEASURED = "measured.json"
RESULTS = "results.json"
PROTOCOL = (
    "Fold k holds out the k-th actor fold of Luna-Jimenez et al. and the k-th artist fold of 4Q at "
    "once: one model for voice and music. Two more actors and a tenth of the other artists are "
    "held out of the training side for the temperatures and the fusion weight. Each held-out clip "
    "is replayed alone through the runtime, from the bundle's own normalisation, and its summary "
    "is judged: 'speech' is the unweighted average recall (UAR) over the 8 moods of RAVDESS "
    "speech, 'song' the UAR over the 6 moods of RAVDESS song, both of the plain argmax over all 8 "
    "moods; 'music' is the accuracy of the quadrant on 4Q, 'music_f1' its macro-F1. The quadrant "
    "of the two models together sums the probabilities of its moods, that of one model alone is "
    "the quadrant of its most probable mood. A clip in which nothing was heard counts as wrong. "
    "All figures are percent; mean and standard deviation are over the folds."
)


def measure(run: Run, fold: int, clips: Sequence[Clip], loaded: Features, say: Say) -> None:
    """Export the bundles of a fold and replay what was held out; done once, then kept."""
    path = run.part(fold) / MEASURED
    if path.exists():
        return
    sides = splits.split(clips, fold)
    held_out = [clips[i] for i in sides.test]
    parity, verdicts = {}, {}
    for precision in PRECISIONS:
        folder = run.part(fold) / f"bundle-{precision}"
        parity[precision] = export.export_part(run, fold, precision, clips, loaded, folder)
        say(f"fold {fold}: {precision} exported, {parity[precision]}")
        verdicts[precision] = judge.judge(folder, held_out)
        say(f"fold {fold}: {precision} {judge.figures(verdicts[precision], 'fused')}")
    path.write_text(
        json.dumps(
            {
                "parity": parity,
                "verdicts": {
                    name: [asdict(one) for one in said] for name, said in verdicts.items()
                },
            }
        )
    )


def summarise(run: Run) -> dict[str, Any]:
    """Gather what was measured on the folds into ``results.json`` and pictures."""
    folds = [fold for fold in run.finished_folds() if (run.part(fold) / MEASURED).exists()]
    measured = {fold: json.loads((run.part(fold) / MEASURED).read_text()) for fold in folds}
    verdicts = {
        fold: {
            precision: [Verdict(**one) for one in measured[fold]["verdicts"][precision]]
            for precision in PRECISIONS
        }
        for fold in folds
    }
    results: dict[str, Any] = {
        "protocol": PROTOCOL,
        "seed": run.seed,
        "folds": folds,
        "clips": {
            corpus: sum(one.corpus == corpus for fold in folds for one in verdicts[fold][SHIPPED])
            for corpus in ("speech", "song", "music")
        },
        "silent_clips": sum(one.fused is None for fold in folds for one in verdicts[fold][SHIPPED]),
        "models": {
            precision: {
                model: _over_folds([judge.figures(verdicts[k][precision], model) for k in folds])
                for model in MODELS
            }
            for precision in PRECISIONS
        },
        "int8_float32_agreement": {
            model: round(
                float(
                    np.mean(
                        [
                            judge.agreement(verdicts[k]["int8"], verdicts[k]["float32"], model)
                            for k in folds
                        ]
                    )
                ),
                2,
            )
            for model in MODELS
        },
        "parity": {f"fold {fold}": measured[fold]["parity"] for fold in folds},
    }
    results["confusion"] = {}
    for corpus in ("speech", "song", "music"):
        pooled = [verdict for fold in folds for verdict in verdicts[fold][SHIPPED]]
        counts, labels = judge.confusion(pooled, corpus)
        if counts.sum():
            title = f"{corpus}, {len(folds)} folds, {SHIPPED}, both models"
            pictures.confusion(counts, labels, title, run.folder / f"confusion-{corpus}.png")
            results["confusion"][corpus] = {"labels": labels, "counts": counts.tolist()}
    (run.folder / RESULTS).write_text(json.dumps(results, indent=1))
    return results


def table(results: dict[str, Any]) -> str:
    """The results as lines of text."""
    names = ("speech", "song", "music", "music_f1")
    lines = [f"{'':16}" + "".join(f"{name:>16}" for name in names)]
    for precision, models in results["models"].items():
        for model, found in models.items():
            cells = [
                f"{found[name]['mean']:.1f} +- {found[name]['std']:.1f}" if name in found else "-"
                for name in names
            ]
            lines.append(f"{precision:9}{model:7}" + "".join(f"{cell:>16}" for cell in cells))
    lines.append(f"clips {results['clips']}, folds {results['folds']}, seed {results['seed']}")
    lines.append(f"same mood from int8 and float32, percent: {results['int8_float32_agreement']}")
    return "\n".join(lines)


def _over_folds(each: Sequence[dict[str, float]]) -> dict[str, Any]:
    names = [name for name in each[0] if all(name in one for one in each)]
    return {
        name: {
            "mean": round(float(np.mean([one[name] for one in each])), 2),
            "std": round(
                float(np.std([one[name] for one in each], ddof=1 if len(each) > 1 else 0)), 2
            ),
            "folds": [one[name] for one in each],
        }
        for name in names
    }
