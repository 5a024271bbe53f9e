"""Hearing over time: whether a room has voice or music in it, or only other sounds."""

import math

from moodstream.arrays import Float32
from moodstream.mood.hearing_spec import HearingSpec
from moodstream.mood.smoothing import Belief
from moodstream.mood.state import Heard

_CLOSEST = 1e-3
"""Distance of a probability from 0 and 1 at least: no single hop decides alone."""


class Hearing:
    """Decision between voice or music and other sounds; it counts samples and knows no clock.

    A hidden Markov model of two states decides. A bark in a song is too short to end the song, and
    a voice that begins is believed within about a second.

    Args:
        spec: ``time_constant_s`` smooths the published probabilities; the rest is the decision's.
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
        """Probability of voice or music in the last hop alone."""

    def process(self, logits: Float32, length_n: int) -> Heard:
        """Add the next hop, and return the smoothed probabilities.

        Args:
            logits: of voice and of music, each for itself [shape=(2,)].
            length_n: length of the hop, samples.
        """
        voice, music = (_bounded(value) for value in logits.tolist())
        other = (1 - voice) * (1 - music)
        self.presence = 1 - other
        likelihoods = (1 - other) / self._spec.prior, other / (1 - self._spec.prior)
        moodful, _ = self._belief.process([*map(math.log, likelihoods)], length_n)
        threshold = self._spec.doubtful if self.moodful else self._spec.confident
        self.moodful = moodful >= threshold
        constant_n = self._spec.time_constant_s * self._sample_rate
        keep = math.exp(-length_n / constant_n) if constant_n else 0.0
        self._voice = keep * self._voice + (1 - keep) * voice
        self._music = keep * self._music + (1 - keep) * music
        self._weight = keep * self._weight + (1 - keep)
        voice, music = self._voice / self._weight, self._music / self._weight
        return Heard(voice, music, (1 - voice) * (1 - music))


def _bounded(logit: float) -> float:
    """Return the probability behind a logit, away from 0 and 1."""
    probability = 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
    return max(_CLOSEST, min(1 - _CLOSEST, probability))
