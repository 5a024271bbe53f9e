"""Smoothing in time: what a room's mood is, given all that was heard and that moods last.

Everything is counted in samples, so that the same audio always gives the same moods.
"""

import math

import numpy as np

from moodstream.arrays import Float32
from moodstream.mood.circumplex import MOODS, QUADRANT_OF, QUADRANTS
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.mood.softmax import log_softmax
from moodstream.mood.state import Moods

_IN_QUADRANT = np.array(
    [[QUADRANT_OF[mood] == name for mood in MOODS] for name in QUADRANTS], np.float32
)
# [shape=(quadrants, moods)]
_FLOOR = np.float32(-7)
"""Of a log probability: no single hop may rule a mood out."""


class Average:
    """Exponential average of log probabilities: a geometric mean that forgets.

    The weights of all values always sum to one, so that there is no bias towards a start value.
    """

    def __init__(self, time_constant_s: float, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self.retune(time_constant_s)
        self.reset()

    def retune(self, time_constant_s: float) -> None:
        """Forget faster or more slowly from now on."""
        self._time_constant_n = time_constant_s * self._sample_rate

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


class Belief:
    """The forward recursion of a hidden Markov model whose states are all alike.

    A state lasts for ``lasting_s`` on average and any other may follow (Rabiner 1989, "A tutorial
    on hidden Markov models and selected applications in speech recognition").
    """

    def __init__(self, states: int, spec: SmoothingSpec, sample_rate: int) -> None:
        self._states, self._sample_rate = states, sample_rate
        self.retune(spec)
        self.reset()

    def retune(self, spec: SmoothingSpec) -> None:
        """Go by another spec from now on."""
        self._scale = spec.evidence_scale / self._sample_rate
        self._lasting_n = spec.lasting_s * self._sample_rate

    def reset(self) -> None:
        """Every state is as probable as any other."""
        self.probabilities = np.full(self._states, 1 / self._states, np.float32)

    def process(self, log_likelihoods: Float32, length_n: int) -> Float32:
        """Take the evidence of the next ``length_n`` samples.

        Args:
            log_likelihoods: of each state, up to a constant [shape=(states,), float32]

        Returns:
            the probability of each state, given all since the reset [same shape, float32]
        """
        left = np.float32(-math.expm1(-length_n / self._lasting_n))
        before = self.probabilities
        before = (1 - left) * before + left / np.float32(self._states - 1) * (1 - before)
        evidence = log_likelihoods * np.float32(self._scale * length_n)
        self.probabilities = np.exp(log_softmax(np.log(before) + evidence))
        return self.probabilities


class Decision:
    """Which mood to name, if any.

    The quadrant is decided first, by the sum over moods that are much alike, and by it whether to
    name a mood at all: of music that is surely tense, hardly more than a third is ever anger, fear
    or disgust alone. Nor are all moods compared at once: the quadrants have from one to three, and
    the one that stands alone in its quadrant would be named too often.
    """

    def __init__(self, spec: SmoothingSpec, sample_rate: int) -> None:
        self._spec = spec
        self._quadrants = Belief(len(QUADRANTS), spec, sample_rate)
        self._moods = Belief(len(MOODS), spec, sample_rate)
        self.reset()

    def retune(self, spec: SmoothingSpec) -> None:
        """Go by another spec from now on."""
        self._spec = spec
        self._quadrants.retune(spec)
        self._moods.retune(spec)

    def reset(self) -> None:
        """Name no mood."""
        self._quadrants.reset()
        self._moods.reset()
        self._quadrant: int | None = None

    def process(self, log_probabilities: Float32, length_n: int) -> int | None:
        """Take the evidence of the next ``length_n`` samples [shape=(moods,), float32].

        Returns:
            the id of the mood, or None while it is uncertain.
        """
        evidence = np.maximum(log_probabilities, _FLOOR)
        quadrants = self._quadrants.process(np.log(_IN_QUADRANT @ np.exp(evidence)), length_n)
        moods = self._moods.process(evidence, length_n)
        best = int(quadrants.argmax())
        if quadrants[best] >= self._spec.confident:
            self._quadrant = best
        elif self._quadrant is not None and quadrants[self._quadrant] < self._spec.doubtful:
            self._quadrant = None
        if self._quadrant is None:
            return None
        return int(np.where(_IN_QUADRANT[self._quadrant], moods, -1).argmax())


class Smoother:
    """Evidence hop by hop to what is believed, and to the mood that is named."""

    def __init__(self, spec: SmoothingSpec, sample_rate: int) -> None:
        self._average = Average(spec.time_constant_s, sample_rate)
        self._decision = Decision(spec, sample_rate)

    def retune(self, spec: SmoothingSpec) -> None:
        """Go by another spec from now on, and on from what is believed."""
        self._average.retune(spec.time_constant_s)
        self._decision.retune(spec)

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
            the scores to publish, and the mood to name: None while that is uncertain.
        """
        smoothed = self._average.process(evidence, length_n)
        mood = self._decision.process(evidence[0], length_n)
        return Moods.of(smoothed), None if mood is None else MOODS[mood]
