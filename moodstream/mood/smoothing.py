"""Smoothing over time: the mood of a room, given all evidence so far and the fact that moods last.

Everything is counted in samples, and the same audio always gives the same moods. The arithmetic
uses Python floats, which are faster than numpy for eight numbers.
"""

import math
from collections.abc import Sequence

from moodstream.arrays import Float32
from moodstream.mood.circumplex import MOODS, QUADRANT_OF, QUADRANTS, nearest, quadrant
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.mood.state import Moods

_IN_QUADRANT = tuple(
    tuple(i for i, mood in enumerate(MOODS) if QUADRANT_OF[mood] == name) for name in QUADRANTS
)
"""Ids of the moods of each quadrant."""
_FLOOR = -7.0
"""Lowest log probability of a hop, so that no single hop can rule out a mood."""

_MARGIN = 0.005
"""Lead of the named mood, as a part of all scores: half a percent is visible."""
_LEFT_MAX = 1 - 1e-9
"""Largest probability that a mood has ended within a hop.

Above it, rounding could make a probability negative.
"""


class Average:
    """Exponential average of log probabilities: a geometric mean that forgets.

    The weights of all values always sum to one, so there is no bias towards a start value.
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
        self._sums: list[float] = []
        self._weight = 0.0

    def process(self, log_probabilities: Sequence[float], length_n: int) -> list[float]:
        """Add the evidence of the next ``length_n`` samples.

        Args:
            log_probabilities: of any number of models, concatenated [length=values]

        Returns:
            mean log probabilities, not normalised [length=values]
        """
        keep = math.exp(-length_n / self._time_constant_n) if self._time_constant_n else 0.0
        new = 1 - keep
        before = self._sums or [0.0] * len(log_probabilities)
        self._sums = [
            keep * total + new * value
            for total, value in zip(before, log_probabilities, strict=True)
        ]
        weight = self._weight = keep * self._weight + new
        return [total / weight for total in self._sums]


class Belief:
    """Forward recursion of a hidden Markov model with equivalent states.

    A state lasts for ``lasting_s`` on average and any other may follow (Rabiner 1989, "A tutorial
    on hidden Markov models and selected applications in speech recognition").
    """

    def __init__(self, states: int, spec: SmoothingSpec, sample_rate: int) -> None:
        self._states, self._sample_rate = states, sample_rate
        self.retune(spec)
        self.reset()

    def retune(self, spec: SmoothingSpec) -> None:
        """Use another spec from now on."""
        self._scale = spec.evidence_scale / self._sample_rate
        self._lasting_n = spec.lasting_s * self._sample_rate

    def reset(self) -> None:
        """Make all states equally probable."""
        self.probabilities = [1 / self._states] * self._states

    def process(self, log_likelihoods: Sequence[float], length_n: int) -> list[float]:
        """Add the evidence of the next ``length_n`` samples.

        Args:
            log_likelihoods: of each state, up to a constant [length=states]

        Returns:
            probability of each state, given everything since the reset [length=states]
        """
        left = min(-math.expm1(-length_n / self._lasting_n), _LEFT_MAX)
        others = left / (self._states - 1)
        stays, scale, exp = 1 - left - others, self._scale * length_n, math.exp
        top = max(log_likelihoods)
        weights = [
            (stays * before + others) * exp(scale * (evidence - top))
            for before, evidence in zip(self.probabilities, log_likelihoods, strict=True)
        ]
        total = sum(weights)
        self.probabilities = [weight / total for weight in weights]
        return self.probabilities


class Decision:
    """Choice of the mood to name, if any: the quadrant first, then the mood within it.

    The quadrant decides whether a mood is named at all. Even for music that is clearly tense, the
    probability of anger, fear or disgust alone hardly exceeds a third. For the same reason, all
    moods are not compared at once: a quadrant has one to three moods, and a mood that is alone in
    its quadrant would be named too often.
    """

    def __init__(self, spec: SmoothingSpec, sample_rate: int) -> None:
        self._spec = spec
        self._quadrants = Belief(len(QUADRANTS), spec, sample_rate)
        self._moods = Belief(len(MOODS), spec, sample_rate)
        self.reset()

    def retune(self, spec: SmoothingSpec) -> None:
        """Use another spec from now on."""
        self._spec = spec
        self._quadrants.retune(spec)
        self._moods.retune(spec)

    def reset(self) -> None:
        """Name no mood."""
        self._quadrants.reset()
        self._moods.reset()
        self._quadrant: int | None = None

    def process(self, log_probabilities: Sequence[float], length_n: int) -> int | None:
        """Add the evidence of the next ``length_n`` samples [length=moods].

        Returns:
            id of the mood, or None while it is uncertain.
        """
        evidence = [max(_FLOOR, value) for value in log_probabilities]
        likely = [math.exp(value) for value in evidence]
        sums = [math.log(sum([likely[i] for i in ids])) for ids in _IN_QUADRANT]
        quadrants = self._quadrants.process(sums, length_n)
        moods = self._moods.process(evidence, length_n)
        best = quadrants.index(max(quadrants))
        if quadrants[best] >= self._spec.confident:
            self._quadrant = best
        elif self._quadrant is not None and quadrants[self._quadrant] < self._spec.doubtful:
            self._quadrant = None
        if self._quadrant is None:
            return None
        return max(_IN_QUADRANT[self._quadrant], key=moods.__getitem__)


class Smoother:
    """Smoothing of the evidence, hop by hop, and the choice of the mood to name."""

    def __init__(self, spec: SmoothingSpec, sample_rate: int) -> None:
        self._average = Average(spec.time_constant_s, sample_rate)
        self._decision = Decision(spec, sample_rate)

    def retune(self, spec: SmoothingSpec) -> None:
        """Use another spec from now on, and keep the belief."""
        self._average.retune(spec.time_constant_s)
        self._decision.retune(spec)

    def reset(self) -> None:
        """Forget everything."""
        self._average.reset()
        self._decision.reset()

    def process(self, evidence: Float32, place: Float32, length_n: int) -> tuple[Moods, str | None]:
        """Add the evidence of the next ``length_n`` samples.

        Args:
            evidence: log probabilities of both models together, the CNN and the RNN
                [shape=(3, moods), float32]
            place: valence and arousal of both models together [shape=(2,), float32]
            length_n: number of samples that the evidence covers.

        Returns:
            the belief to publish, and the mood to name: None while that is uncertain.
        """
        values: list[float] = [*evidence.ravel().tolist(), *place.tolist()]
        mood = self._decision.process(values[: len(MOODS)], length_n)
        moods = summed_up(self._average.process(values, length_n), mood)
        return moods, None if mood is None else MOODS[mood]


def summed_up(evidence: Sequence[float], mood: int | None) -> Moods:
    """Return the belief from evidence.

    Args:
        evidence: log probabilities of both models together, of the CNN and of the RNN, up to a
            constant, then valence and arousal [length=3 * moods + 2].
        mood: id of the named mood; None for none.
    """
    end = len(MOODS)
    scores = softmax(evidence[:end])
    cnn, rnn, (valence, arousal) = evidence[end : 2 * end], evidence[2 * end : -2], evidence[-2:]
    names = (MOODS[values.index(max(values))] for values in (cnn, rnn))
    named = scores if mood is None else in_favour(scores, mood)
    # The networks estimate valence and arousal apart from the moods. The moods are right about the
    # quadrant more often.
    return Moods(tuple(named), *nearest(quadrant(named), valence, arousal), *names)


def in_favour(scores: Sequence[float], mood: int) -> Sequence[float]:
    """Return probabilities in which a mood and its quadrant are the highest.

    The named mood rests on more than the last seconds, and its quadrant is decided first, so it may
    not have the highest score. In that case, a part of all scores is moved to it, just enough to
    make it the highest.

    Args:
        scores: probability of each mood.
        mood: id of the named mood.
    """
    sums = [sum([scores[i] for i in ids]) for ids in _IN_QUADRANT]
    own = next(total for total, ids in zip(sums, _IN_QUADRANT, strict=True) if mood in ids)
    lack = max(max(scores) - scores[mood], max(sums) - own)
    if lack <= 0:
        return scores
    # own + part * (1 - own) = top * (1 - part), for part; both lacks are of this form.
    part = min(1.0, lack / (1 + lack) + _MARGIN)
    found = [(1 - part) * score for score in scores]
    found[mood] += part
    return found


def softmax(logits: Sequence[float]) -> list[float]:
    """Return the probabilities from log probabilities that are known up to a constant."""
    top, exp = max(logits), math.exp
    powers = [exp(value - top) for value in logits]
    total = sum(powers)
    return [power / total for power in powers]
