"""Evaluation of a run: exported bundles, played through the runtime on held-out clips."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from moodstream.whole_file import written_whole
from moodstream_train import plots
from moodstream_train.evaluation import rows, world
from moodstream_train.evaluation.left_out import left_out
from moodstream_train.evaluation.measured import (
    PRECISIONS,
    RESULTS,
    SHIPPED,
    Evaluation,
    by_corpus,
    prepare,
)
from moodstream_train.measure import calibration, figures
from moodstream_train.measure.verdict import MODELS, Verdict
from moodstream_train.parts import FINAL, FOLDS, RANDOM, WITHOUT
from moodstream_train.training.run import Run, RunError, Say


def measure(run: Run, say: Say, *, accuracy_only: bool = False) -> dict[str, Any]:
    """Measure the finished parts of a run by the protocol, and write ``RUN/results.json``.

    Args:
        run: with some finished parts. say: prints a line of progress. accuracy_only: measure only
        held-out clips. Other sounds, left-out corpora, robustness, streams and songs take most of
        the time.

    Returns:
        the content of ``results.json``.

    Raises:
        RunError: no part is finished.
        CorpusError: a corpus of the run is not there.
        ExportError: a converted model disagrees with Keras.
    """
    parts = [part for part in (*FOLDS, FINAL, RANDOM, *WITHOUT) if run.finished(part)]
    if not parts:
        raise RunError(f"{run.folder}: nothing is trained yet; go on with `moodstream train`")
    evaluation = prepare(run, say)
    results: dict[str, Any] = {
        "recipe": run.name,
        "seed": run.seed,
        "parts": parts,
        "training_minutes": round(sum(run.minutes(part) for part in parts), 1),
        "corpora": run.corpora,
    }
    folds = run.finished_folds()
    if folds:
        verdicts = judge(evaluation, folds)
        results["folds"] = over_folds(verdicts, folds)
        results["pictures"] = draw(run, [one for fold in verdicts[SHIPPED] for one in fold])
        results["ratings"] = world.rated(evaluation, folds, verdicts[SHIPPED])
        if any(clip.corpus == "sounds" for clip in evaluation.clips) and not accuracy_only:
            results["naming"] = world.named(evaluation, folds)
            results["heard"] = world.told_apart(evaluation, folds)
        if run.name == "shipped" and not accuracy_only:
            results["robustness"] = rows.robust(evaluation, folds[: rows.ROBUST_FOLDS])
            results["streams"] = rows.mood_streams(evaluation, folds)
            results["songs"] = rows.known_songs(evaluation.clips, verdicts[SHIPPED])
        if run.name == "voice":
            results["on_music"] = rows.on_music(evaluation, folds)
    if not accuracy_only and (found := left_out(evaluation)):
        results["left_out"] = found
    if run.name in rows.TRIED_ON and FINAL in parts:
        results["rooms"] = rows.other_rooms(evaluation)
    if RANDOM in parts:
        results["leaky"], heard = rows.leaky(evaluation)
        draw(run, heard)
    with written_whole(run.folder / RESULTS, "w") as file:
        json.dump(results, file, indent=1)
    return results


def judge(evaluation: Evaluation, folds: Sequence[str]) -> dict[str, list[list[Verdict]]]:
    """Return the verdicts on the held-out clips by precision, one list for each fold."""
    verdicts: dict[str, list[list[Verdict]]] = {precision: [] for precision in PRECISIONS}
    for fold in folds:
        test = evaluation.test(fold)
        for precision in PRECISIONS:
            folder = evaluation.bundle(fold, precision)
            verdicts[precision].append(evaluation.verdicts(fold, precision, folder, test))
            evaluation.say(f"{fold}, {precision}: {_headlines(verdicts[precision][-1])}")
    return verdicts


def over_folds(verdicts: dict[str, list[list[Verdict]]], folds: Sequence[str]) -> dict[str, Any]:
    """Return the figures of each model and precision: the folds, their mean and deviation.

    Args:
        verdicts: by precision, one list for each fold.
        folds: names of the folds.
    """
    found: dict[str, Any] = {"folds": list(folds)}
    for precision, each in verdicts.items():
        found[precision] = {
            model: by_corpus([figures.by_corpus(one, model) for one in each]) for model in MODELS
        }
    pairs = list(zip(verdicts["int8"], verdicts["float32"], strict=True))
    found["agreement"] = {
        model: round(float(np.mean([figures.agreement(a, b, model) for a, b in pairs])), 2)
        for model in MODELS
    }
    pooled = [one for each in verdicts[SHIPPED] for one in each]
    names = sorted({one.corpus for one in pooled})
    found["calibration"] = {
        name: asdict(calibration.reliability([one for one in pooled if one.corpus == name]))
        for name in names
    }
    found["shared_moods"] = {
        name: asdict(figures.of(own, among=figures.SHARED_MOODS))
        for name in ("cremad",)
        if (own := [one for one in pooled if one.corpus == name])
    }
    found["sex"] = {}
    for name in names:
        if sexes := figures.by_sex([one for one in pooled if one.corpus == name]):
            found["sex"][name] = {sex: asdict(own) for sex, own in sexes.items()}
    return found


def draw(run: Run, pooled: Sequence[Verdict]) -> list[str]:
    """Plot a confusion matrix for each corpus, and return the names of the files."""
    names = []
    for corpus in sorted({one.corpus for one in pooled}):
        own = [one for one in pooled if one.corpus == corpus]
        counts, labels = figures.confusion(own)
        path = run.folder / f"confusion-{corpus}.png"
        plots.confusion(counts, labels, f"{corpus}, {run.name}, seed {run.seed}", path)
        names.append(path.name)
    return names


def _headlines(verdicts: Sequence[Verdict]) -> str:
    names = sorted({one.corpus for one in verdicts})
    each = [figures.headline([one for one in verdicts if one.corpus == name]) for name in names]
    return ", ".join(f"{name} {value:.1f} %" for name, value in zip(names, each, strict=True))
