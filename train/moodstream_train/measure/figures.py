"""How right verdicts are: recall, accuracy, F1, loss, and how far chance may move them."""

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
"""What CREMA-D has in common with the eight moods of RAVDESS speech."""
DRAWS = 1000
"""Of the bootstrap."""
LEAST_PROBABILITY = 1e-7
"""So that one clip cannot make the loss infinite."""

Pairs = Sequence[tuple[str, str | None]]
"""What is true and what was named; None where nothing was heard, which is never right."""


@dataclass(frozen=True)
class Figures:
    """How right one model is on one set of clips; all but the counts and the loss in percent."""

    clips: int
    silent: int
    """Clips in which nothing was heard; they count as wrong."""
    uar: float
    """Unweighted average recall."""
    uar_interval: tuple[float, float]
    """95 % of the bootstrap draws of whole groups lie within."""
    accuracy: float
    accuracy_interval: tuple[float, float]
    macro_f1: float
    loss: float
    """Cross-entropy of the label, nats; of a clip in which nothing was heard that of chance."""


def of(
    verdicts: Sequence[Verdict], model: str = "fused", among: Sequence[str] | None = None
) -> Figures:
    """The figures of one model.

    Args:
        verdicts: all of voices or all of music.
        model: the two together, or one alone; see ``verdict.MODELS``.
        among: only these moods may be named; the clips must be of them.

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
    """The figures of each corpus."""
    corpora = sorted({one.corpus for one in verdicts})
    return {name: of([one for one in verdicts if one.corpus == name], model) for name in corpora}


def by_sex(verdicts: Sequence[Verdict], model: str = "fused") -> dict[str, Figures]:
    """The figures of women and of men, where it is known."""
    known = sorted({one.sex for one in verdicts if one.sex})
    return {sex: of([one for one in verdicts if one.sex == sex], model) for sex in known}


def headline(verdicts: Sequence[Verdict], among: Sequence[str] | None = None) -> float:
    """The one figure: the recall of voices, the accuracy of music; percent."""
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
    """95 % of UAR and of accuracy, percent, when whole groups are drawn with replacement.

    Clips of one actor or artist are alike, so that clip by clip would look too sure.
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
        uar = np.nanmean(right_n / all_n, axis=1)  # a label that was not drawn has no recall
    return _spread(uar), _spread(right_n.sum(axis=1) / all_n.sum(axis=1))


def confusion(verdicts: Sequence[Verdict], model: str = "fused") -> tuple[Numbers, list[str]]:
    """Counts [shape=(true, named)] and the labels of the axes; what was not heard is not in it."""
    _check(verdicts, None)
    labels = list(verdicts[0].labels)
    known = [one for one in verdicts if one.scores is not None]
    if not known:
        return np.zeros((len(labels), len(labels)), np.int64), labels
    true, named = [one.label for one in known], [one.named(model) for one in known]
    return confusion_matrix(true, named, labels=labels), labels


def agreement(one: Sequence[Verdict], other: Sequence[Verdict], model: str = "fused") -> float:
    """The share of clips of which two bundles said the same mood, percent."""
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
