"""Hearing over time: whether a room has voice or music in it, or only other sounds."""

import math

from moodstream.arrays import Float32
from moodstream.mood.hearing_spec import HearingSpec
from moodstream.mood.smoothing import Belief
from moodstream.mood.state import Heard

_CLOSEST = 1e-3
"""Smallest distance of a probability from 0 and 1."""
_INTERRUPTION_S = 1.25
"""Length of other sounds that never end a song, seconds. A bark of half a second may reach into
three hops."""


class Hearing:
    """Decision between voice or music and other sounds; it counts samples and has no clock.

    A hidden Markov model with two states decides. A bark is too short to end a song, and a new
    voice is accepted within about a second.

    The published probability of voice or music is the model's belief. It is divided between voice
    and music by the evidence of the last seconds.

    Args:
        spec: ``time_constant_s`` smooths voice and music; the other fields control the decision.
        sample_rate: hertz.
    """

    def __init__(self, spec: HearingSpec, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._belief = Belief(2, spec, sample_rate)
        self._spec = spec
        self.reset()

    def reset(self) -> None:
        """Forget everything heard."""
        self._belief.reset()
        self._voice = self._music = self._weight = 0.0
        self.moodful = False
        """Whether voice or music is heard."""
        self.presence = 0.0
        """Probability of voice or music in only the last hop."""

    def process(self, logits: Float32, length_n: int) -> Heard:
        """Add the next hop, and return the current probabilities.

        ``other`` is at least 0.5 if neither voice nor music is heard, and at most 0.5 otherwise.

        Args:
            logits: of voice and of music, independent of each other [shape=(2,)].
            length_n: length of the hop, samples.
        """
        voice, music = (_bounded(value) for value in logits.tolist())
        other = (1 - voice) * (1 - music)
        self.presence = 1 - other
        likely = math.log((1 - other) / self._spec.prior * (1 - self._spec.prior) / other)
        moodful, _ = self._belief.process([max(self._lowest(length_n), likely), 0.0], length_n)
        threshold = self._spec.doubtful if self.moodful else self._spec.confident
        self.moodful = moodful >= threshold
        constant_n = self._spec.time_constant_s * self._sample_rate
        keep = math.exp(-length_n / constant_n) if constant_n else 0.0
        self._voice = keep * self._voice + (1 - keep) * voice
        self._music = keep * self._music + (1 - keep) * music
        self._weight = keep * self._weight + (1 - keep)
        shown = max(0.5, moodful) if self.moodful else min(0.5, moodful)
        return _shared(shown, self._voice / self._weight, self._music / self._weight)

    def _lowest(self, length_n: int) -> float:
        """Return the lower limit of a hop's log likelihood ratio of voice or music.

        At this limit, the belief falls from its highest value to the threshold in exactly the time
        of an interruption. The highest odds are those of a state that does not end within the hop.
        """
        lasting_n = self._spec.lasting_s * self._sample_rate
        highest = math.log(max(1.0, lasting_n / length_n))
        given_up = min(1 - _CLOSEST, max(_CLOSEST, self._spec.doubtful))
        way = max(0.0, highest + math.log((1 - given_up) / given_up))
        return -way / (_INTERRUPTION_S * self._spec.evidence_scale)


def _shared(either: float, voice: float, music: float) -> Heard:
    """Return voice and music, scaled to the probability of either; their ratio stays the same.

    Args:
        either: probability that there is voice or music.
        voice: its probability by itself.
        music: its probability by itself.
    """
    other = 1 - either
    power = math.log(other) / (math.log(1 - voice) + math.log(1 - music))
    return Heard(1 - (1 - voice) ** power, 1 - (1 - music) ** power, other)


def _bounded(logit: float) -> float:
    """Return the probability of a logit, kept away from 0 and 1."""
    probability = 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
    return max(_CLOSEST, min(1 - _CLOSEST, probability))
