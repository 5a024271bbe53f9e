"""Reliability: the share of right clips by confidence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from moodstream_train.errors import TrainingError
from moodstream_train.measure.verdict import Verdict

BINS = 15
SURE_SHARE = 0.7


@dataclass(frozen=True)
class Bin:
    """Verdicts within one range of confidence."""

    clips: int
    confidence: float
    """Mean confidence, 0 .. 1."""
    accuracy: float
    """Share of right verdicts, 0 .. 1."""


@dataclass(frozen=True)
class Reliability:
    """Relation of confidence to accuracy."""

    clips: int
    ece: float
    """Expected calibration error, 0 .. 1: mean of |confidence - accuracy|, weighted by clips."""
    accuracy: float
    """Accuracy over all clips, percent."""
    sure_accuracy: float
    """Accuracy over the most confident :data:`SURE_SHARE` of the clips, percent."""
    gain: float
    """Points won by leaving out the least confident clips."""
    bins: tuple[Bin, ...]
    """Bins of equal width, from confidence 0 to 1."""


def reliability(verdicts: Sequence[Verdict]) -> Reliability:
    """Compute the reliability of both models together.

    The confidence is the probability of the named mood or quadrant. A clip without a verdict has
    confidence zero and is wrong.

    Raises:
        TrainingError: there are no verdicts.
    """
    if not verdicts:
        raise TrainingError("found no verdicts; judge some clips first")
    confidence, right = np.zeros(len(verdicts)), np.zeros(len(verdicts))
    for i, verdict in enumerate(verdicts):
        named, probabilities = verdict.named(), verdict.probabilities()
        if named is not None and probabilities is not None:
            confidence[i], right[i] = probabilities[named], named == verdict.label
    places = np.minimum((confidence * BINS).astype(int), BINS - 1)
    bins = []
    for place in range(BINS):
        own = places == place
        count = int(own.sum())
        bins.append(
            Bin(
                clips=count,
                confidence=round(float(confidence[own].mean()), 4) if count else 0.0,
                accuracy=round(float(right[own].mean()), 4) if count else 0.0,
            )
        )
    gaps = [one.clips * abs(one.confidence - one.accuracy) for one in bins]
    sure = np.argsort(-confidence, kind="stable")[: max(1, round(SURE_SHARE * len(verdicts)))]
    accuracy, sure_accuracy = 100 * float(right.mean()), 100 * float(right[sure].mean())
    return Reliability(
        clips=len(verdicts),
        ece=round(sum(gaps) / len(verdicts), 4),
        accuracy=round(accuracy, 2),
        sure_accuracy=round(sure_accuracy, 2),
        gain=round(sure_accuracy - accuracy, 2),
        bins=tuple(bins),
    )
