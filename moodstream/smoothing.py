"""Smoothing in time: averaged log probabilities, hysteresis and a minimum dwell.

The decision follows Silero's VADIterator in spirit: two thresholds and a minimum duration, all
counted in samples, so that the same audio always gives the same moods.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from moodstream.arrays import Float32
from moodstream.mood import MOODS, QUADRANT_OF, Moods
from moodstream.schema import at_least, between
from moodstream.softmax import log_softmax


@dataclass(frozen=True)
class SmoothingSpec:
    """How slowly the mood of a room may change."""

    time_constant_s: float = field(metadata=at_least(0))
    """Of the exponential average of the log probabilities, seconds; 0 averages nothing."""
    margin: float = field(metadata=between(0, 1))
    """Another mood must lead the current one by this much probability..."""
    dwell_s: float = field(metadata=at_least(0))
    """...for this long, seconds, before it is the mood."""
    confident: float = field(metadata=between(0, 1))
    """Without a mood, the best one is named when the evidence for its quadrant reaches this."""
    doubtful: float = field(metadata=between(0, 1))
    """The current mood is given up when the evidence for its quadrant falls below this."""

    def problems(self) -> list[str]:
        """What contradicts itself, a sentence each."""
        if self.doubtful > self.confident:
            return [f"doubtful {self.doubtful:g} is above confident {self.confident:g}"]
        return []


_SAME_QUADRANT = np.array(
    [[QUADRANT_OF[one] == QUADRANT_OF[other] for other in MOODS] for one in MOODS], np.float32
)
# [shape=(moods, moods)]
_ROUNDING = 1e-6


class Average:
    """Exponential average of log probabilities: a geometric mean that forgets.

    The weights of all values always sum to one, so that there is no bias towards a start value.
    """

    def __init__(self, time_constant_s: float, sample_rate: int) -> None:
        self._time_constant_n = time_constant_s * sample_rate
        self.reset()

    def reset(self) -> None:
        """Forget all evidence."""
        self._sum = np.zeros(1, np.float32)
        self._weight = 0.0

    def process(self, log_probabilities: Float32, length_n: int) -> Float32:
        """Take the evidence of the next ``length_n`` samples.

        Args:
            log_probabilities: of any number of models [shape=(..., moods), float32]

        Returns:
            smoothed log probabilities [same shape, float32]
        """
        keep = math.exp(-length_n / self._time_constant_n) if self._time_constant_n else 0.0
        self._sum = np.float32(keep) * self._sum + np.float32(1 - keep) * log_probabilities
        self._weight = keep * self._weight + (1 - keep)
        return log_softmax(self._sum / np.float32(self._weight))


class Decision:
    """Which mood to name, if any: hysteresis and a minimum dwell over smoothed probabilities.

    The quadrant is decided first, the sum over moods that are much alike, and by it whether to
    name a mood at all: of music that is surely tense, hardly more than a third is ever anger, fear
    or disgust alone.
    """

    def __init__(self, spec: SmoothingSpec, sample_rate: int) -> None:
        self._spec = spec
        self._dwell_n = round(spec.dwell_s * sample_rate)
        self.reset()

    def reset(self) -> None:
        """Name no mood."""
        self.mood: int | None = None
        self._rival: int | None = None
        self._lead_n = 0

    def process(self, scores: Float32, length_n: int) -> int | None:
        """Take the probabilities at the end of the next ``length_n`` samples.

        Returns:
            the id of the mood, or None while it is uncertain.
        """
        evidence = _SAME_QUADRANT @ scores
        best = _best(scores, evidence)
        if self.mood is None:
            if evidence[best] >= self._spec.confident:
                self._name(best)
        elif best != self.mood and _lead(best, self.mood, scores, evidence) >= self._spec.margin:
            self._lead_n = self._lead_n + length_n if best == self._rival else length_n
            self._rival = best
            if self._lead_n >= self._dwell_n:
                self._name(best if evidence[best] >= self._spec.doubtful else None)
        else:
            self._rival, self._lead_n = None, 0
            if evidence[self.mood] < self._spec.doubtful:
                self._name(None)
        return self.mood

    def _name(self, mood: int | None) -> None:
        self.mood, self._rival, self._lead_n = mood, None, 0


def _best(scores: Float32, evidence: Float32) -> int:
    """The most probable mood of the most probable quadrant.

    Not simply of all: the quadrants have from one to three moods, and the one that stands alone
    in its quadrant would be named too often.
    """
    return int(np.where(evidence > evidence.max() - _ROUNDING, scores, -1).argmax())


def _lead(rival: int, mood: int, scores: Float32, evidence: Float32) -> float:
    """By how much a rival is more probable: its quadrant, if that is another, else itself."""
    compared = scores if _SAME_QUADRANT[rival, mood] else evidence
    return float(compared[rival] - compared[mood])


class Smoother:
    """Evidence hop by hop to what is believed, and to the mood that is named."""

    def __init__(self, spec: SmoothingSpec, sample_rate: int) -> None:
        self._average = Average(spec.time_constant_s, sample_rate)
        self._decision = Decision(spec, sample_rate)

    def reset(self) -> None:
        """Believe nothing."""
        self._average.reset()
        self._decision.reset()

    def process(self, evidence: Float32, length_n: int) -> tuple[Moods, str | None]:
        """Take the evidence of the next ``length_n`` samples.

        Args:
            evidence: log probabilities of both models together, of the CNN and of the RNN
                [shape=(3, moods), float32]

        Returns:
            what is believed, and the mood to name: None while that is uncertain.
        """
        smoothed = self._average.process(evidence, length_n)
        mood = self._decision.process(np.exp(smoothed[0]), length_n)
        return Moods.of(smoothed), None if mood is None else MOODS[mood]
