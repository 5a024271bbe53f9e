"""Figures of verdicts: recall, accuracy, F1, loss, and intervals."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import confusion_matrix, f1_score, recall_score

from moodstream.arrays import Numbers
from moodstream.mood.circumplex import QUADRANTS
from moodstream_train.errors import TrainingError
from moodstream_train.measure.verdict import Verdict

SHARED_MOODS = ("neutral", "happy", "sad", "angry", "fearful", "disgust")
"""Moods of CREMA-D, which RAVDESS speech has, too."""
DRAWS = 1000
"""Draws of the bootstrap."""
LEAST_PROBABILITY = 1e-7
"""Lower limit of a probability, which keeps the loss finite."""

Pairs = Sequence[tuple[str, str | None]]
"""True and named labels. None stands for a clip without a verdict, which counts as wrong."""


@dataclass(frozen=True)
class Figures:
    """Figures of one model on one set of clips; percent, except for counts and loss."""

    clips: int
    silent: int
    """Clips without a verdict; they count as wrong."""
    uar: float
    """Unweighted average recall."""
    uar_interval: tuple[float, float]
    """Interval that holds 95 % of the bootstrap draws of whole groups."""
    accuracy: float
    accuracy_interval: tuple[float, float]
    macro_f1: float
    loss: float
    """Cross-entropy of the label, nats. A clip without a verdict has the loss of chance."""


def of(
    verdicts: Sequence[Verdict], model: str = "fused", among: Sequence[str] | None = None
) -> Figures:
    """Compute the figures of one model.

    Args:
        verdicts: of voices only, or of music only.
        model: one of ``verdict.MODELS``.
        among: the moods that may be named; the clips must have one of them.

    Raises:
        TrainingError: there are no verdicts, or they cannot be counted together.
    """
    _check(verdicts, among)
    pairs = [(one.label, one.named(model, among)) for one in verdicts]
    groups = [one.group for one in verdicts]
    uar_interval, accuracy_interval = intervals(pairs, groups)
    return Figures(
        clips=len(pairs),
        silent=sum(named is None for _, named in pairs),
        uar=_rounded(recall(pairs)),
        uar_interval=uar_interval,
        accuracy=_rounded(accuracy(pairs)),
        accuracy_interval=accuracy_interval,
        macro_f1=_rounded(macro_f1(pairs)),
        loss=round(float(np.mean([_loss(one, model, among) for one in verdicts])), 4),
    )


def by_corpus(verdicts: Sequence[Verdict], model: str = "fused") -> dict[str, Figures]:
    """Compute the figures of each corpus."""
    corpora = sorted({one.corpus for one in verdicts})
    return {name: of([one for one in verdicts if one.corpus == name], model) for name in corpora}


def by_sex(verdicts: Sequence[Verdict], model: str = "fused") -> dict[str, Figures]:
    """Compute the figures of women and of men, where the sex is known."""
    known = sorted({one.sex for one in verdicts if one.sex})
    return {sex: of([one for one in verdicts if one.sex == sex], model) for sex in known}


def headline(verdicts: Sequence[Verdict], among: Sequence[str] | None = None) -> float:
    """Return the main figure, percent: recall for voices, accuracy for music."""
    _check(verdicts, among)
    pairs = [(one.label, one.named("fused", among)) for one in verdicts]
    return accuracy(pairs) if verdicts[0].labels == QUADRANTS else recall(pairs)


def recall(pairs: Pairs) -> float:
    """Return the unweighted average recall, percent."""
    true, named, labels = _columns(pairs)
    return 100 * float(recall_score(true, named, labels=labels, average="macro"))


def accuracy(pairs: Pairs) -> float:
    """Return the share of right clips, percent."""
    return 100 * float(np.mean([true == named for true, named in pairs]))


def macro_f1(pairs: Pairs) -> float:
    """Return the F1 of each label, averaged, percent."""
    true, named, labels = _columns(pairs)
    return 100 * float(f1_score(true, named, labels=labels, average="macro"))


def intervals(
    pairs: Pairs, groups: Sequence[str], seed: int = 0
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return 95 % intervals of UAR and accuracy, percent, drawing whole groups with replacement.

    Clips of one actor or artist are alike. Drawing single clips gives too narrow intervals.
    """
    names, labels = sorted(set(groups)), sorted({true for true, _ in pairs})
    counts = np.zeros((2, len(names), len(labels)))
    for (true, named), group in zip(pairs, groups, strict=True):
        place = names.index(group), labels.index(true)
        counts[0][place] += 1
        counts[1][place] += named == true
    draws = np.random.default_rng(seed).multinomial(
        len(names), [1 / len(names)] * len(names), DRAWS
    )
    all_n, right_n = draws @ counts
    with np.errstate(invalid="ignore"):
        uar = np.nanmean(right_n / all_n, axis=1)  # a label that is not drawn has no recall
    return _spread(uar), _spread(right_n.sum(axis=1) / all_n.sum(axis=1))


def confusion(verdicts: Sequence[Verdict], model: str = "fused") -> tuple[Numbers, list[str]]:
    """Count the verdicts [shape=(true, named)], and return the labels of the axes."""
    _check(verdicts, None)
    labels = list(verdicts[0].labels)
    known = [one for one in verdicts if one.scores is not None]
    if not known:
        return np.zeros((len(labels), len(labels)), np.int64), labels
    true, named = [one.label for one in known], [one.named(model) for one in known]
    return confusion_matrix(true, named, labels=labels), labels


def agreement(one: Sequence[Verdict], other: Sequence[Verdict], model: str = "fused") -> float:
    """Return the share of clips for which two bundles name the same mood, percent."""
    same = [a.mood(model) == b.mood(model) for a, b in zip(one, other, strict=True)]
    return _rounded(100 * float(np.mean(same)))


def _columns(pairs: Pairs) -> tuple[list[str], list[str], list[str]]:
    """Split pairs into true and named labels, and list the labels that are true of some clip."""
    true = [true for true, _ in pairs]
    return true, [named or "" for _, named in pairs], sorted({*true})


def _loss(verdict: Verdict, model: str, among: Sequence[str] | None) -> float:
    probabilities = verdict.probabilities(model, among)
    if probabilities is None:
        return math.log(len(among or verdict.labels))
    return -math.log(max(probabilities[verdict.label], LEAST_PROBABILITY))


def _spread(draws: Numbers) -> tuple[float, float]:
    low, high = np.percentile(draws, (2.5, 97.5))
    return _rounded(100 * float(low)), _rounded(100 * float(high))


def _rounded(percent: float) -> float:
    return round(percent, 2)


def _check(verdicts: Sequence[Verdict], among: Sequence[str] | None) -> None:
    kinds = {one.labels for one in verdicts}
    if len(kinds) != 1:
        found = "no verdicts" if not kinds else "moods of voices and quadrants of music together"
        raise TrainingError(f"found {found}; give the verdicts of one corpus")
    if among and (outside := sorted({one.label for one in verdicts} - {*among})):
        raise TrainingError(
            f"clips are {', '.join(outside)}, which may not be named; leave them out"
        )
