"""Is it as often right as it is sure? Reliability by confidence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from moodstream_train.errors import TrainingError
from moodstream_train.measure.verdict import Verdict

BINS = 15
SURE_SHARE = 0.7


@dataclass(frozen=True)
class Bin:
    """The verdicts within one range of confidence."""

    clips: int
    confidence: float
    """Mean, 0 .. 1."""
    accuracy: float
    """Share that is right, 0 .. 1."""


@dataclass(frozen=True)
class Reliability:
    """How confidence and being right go together."""

    clips: int
    ece: float
    """Expected calibration error, 0 .. 1: |confidence - accuracy|, weighed by clips."""
    accuracy: float
    """Of all clips, percent."""
    sure_accuracy: float
    """Of the most confident :data:`SURE_SHARE` of them, percent."""
    gain: float
    """Points between the two: what leaving out the least confident clips wins."""
    bins: tuple[Bin, ...]
    """Of equal width, from confidence 0 to 1."""


def reliability(verdicts: Sequence[Verdict]) -> Reliability:
    """How sure and how right the two models together are.

    The confidence is the probability of the mood of a voice, of the quadrant of music. Where
    nothing was heard it is zero, and the clip is wrong.

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
