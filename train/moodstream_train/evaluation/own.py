"""Evaluation of a run of own recordings: before and after, on the same held-out clips."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from moodstream.mood.circumplex import QUADRANTS
from moodstream.whole_file import written_whole
from moodstream_train import plots
from moodstream_train.evaluation.measured import RESULTS, Evaluation, prepare
from moodstream_train.measure import figures
from moodstream_train.measure.verdict import Verdict
from moodstream_train.training.run import START, Run, RunError, Say

BEFORE, AFTER = "before", "after"
Verdicts = dict[str, list[Verdict]]
"""Verdicts on the same clips: before fine-tuning and after it."""


def measure(run: Run, say: Say) -> dict[str, Any]:
    """Measure the folds of a run of own recordings, and write ``RUN/results.json``.

    Args:
        run: with some finished folds.
        say: prints a line of progress.

    Returns:
        the content of ``results.json``.

    Raises:
        RunError: no fold is finished, so that nothing was held out.
        ExportError: a converted model disagrees with Keras.
    """
    folds = run.finished_folds()
    if not folds:
        raise RunError(
            f"{run.folder}: no fold is trained, so nothing is held out; label at least two groups, "
            "and leave --part out of `moodstream train`"
        )
    evaluation = prepare(run, say)
    own, others = _judged(evaluation, folds)
    counts = run.corpora["clips"]
    results = {
        "recipe": run.name,
        "seed": run.seed,
        "parts": folds,
        "training_minutes": round(sum(run.minutes(fold) for fold in folds), 1),
        "corpora": run.corpora,
        "start": run.started_from,
        "clips": {key.split()[1]: n for key, n in counts.items() if key.split()[0] == "own"},
        "groups": len({one.group for one in own[AFTER]}),
        "own": {kind: compared(each) for kind, each in _kinds(own).items()},
        "labels": _by_label(own),
        "confusion": {kind: _confusion(run, kind, each) for kind, each in _kinds(own).items()},
        "elsewhere": {
            name: compared({when: _of(each, name) for when, each in others.items()})
            for name in sorted({one.corpus for one in others[AFTER]})
        },
    }
    with written_whole(run.folder / RESULTS, "w") as file:
        json.dump(results, file, indent=1)
    return results


def _judged(evaluation: Evaluation, folds: Sequence[str]) -> tuple[Verdicts, Verdicts]:
    """Judge the held-out clips of all folds by both bundles: own recordings, and others."""
    own: Verdicts = {BEFORE: [], AFTER: []}
    others: Verdicts = {BEFORE: [], AFTER: []}
    for number, fold in enumerate(folds, 1):
        bundles = {BEFORE: evaluation.run.folder / START, AFTER: evaluation.bundle(fold)}
        test = evaluation.test(fold)
        evaluation.say(f"{fold} ({number} of {len(folds)}): judging {len(test)} clips twice")
        for when, folder in bundles.items():
            for one in evaluation.verdicts(fold, when, folder, test):
                (own if one.corpus == "own" else others)[when].append(one)
    return own, others


def _of(verdicts: Sequence[Verdict], corpus: str) -> list[Verdict]:
    return [one for one in verdicts if one.corpus == corpus]


def _kinds(verdicts: Verdicts) -> dict[str, Verdicts]:
    """Divide verdicts into those on moods and those on quadrants, which are counted apart."""
    found = {}
    for kind, is_quadrant in (("moods", False), ("quadrants", True)):
        own = {
            when: [one for one in each if (one.label in QUADRANTS) == is_quadrant]
            for when, each in verdicts.items()
        }
        if own[AFTER]:
            found[kind] = own
    return found


def compared(verdicts: Verdicts) -> dict[str, Any]:
    """Return the figures before and after, and the clips that became right or wrong.

    Args:
        verdicts: before and after, on the same clips of one kind.
    """
    right = {when: [one.named() == one.label for one in each] for when, each in verdicts.items()}
    pairs = list(zip(right[BEFORE], right[AFTER], strict=True))
    return {
        "clips": len(pairs),
        **{when: asdict(figures.of(each)) for when, each in verdicts.items()},
        "mended": sum(after and not before for before, after in pairs),
        "broken": sum(before and not after for before, after in pairs),
    }


def _by_label(verdicts: Verdicts) -> dict[str, Any]:
    """Count the clips of each label, and those that are right before and after."""
    return {
        label: {
            "clips": sum(one.label == label for one in verdicts[AFTER]),
            **{
                when: sum(one.label == label == one.named() for one in each)
                for when, each in verdicts.items()
            },
        }
        for label in sorted({one.label for one in verdicts[AFTER]})
    }


def _confusion(run: Run, kind: str, verdicts: Verdicts) -> dict[str, Any]:
    """Count what each label is taken for after fine-tuning, and draw it."""
    counts, labels = figures.confusion(verdicts[AFTER])
    picture = f"confusion-{kind}.png"
    plots.confusion(counts, labels, "own recordings, held out", run.folder / picture)
    return {"labels": labels, "counts": counts.tolist(), "picture": picture}
