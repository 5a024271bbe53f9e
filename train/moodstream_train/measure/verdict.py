"""What a bundle said of one clip."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from moodstream.mood.circumplex import MOODS, QUADRANTS, quadrant_scores

MODELS = ("fused", "cnn", "rnn")
"""In the order of the pipeline's evidence: both models together, then each alone."""


@dataclass(frozen=True)
class Verdict:
    """What was said of one clip, and what would have been right."""

    clip: str
    corpus: str
    group: str
    """The actor, artist or song: what an interval draws again and again."""
    sex: str | None
    label: str
    """A mood of a voice, a quadrant of music."""
    scores: Sequence[Sequence[float]] | None
    """Probabilities from each of :data:`MODELS` [shape=(models, moods)]; None if nothing was heard.

    They come from the mean log probabilities over the audible clip, as the runtime's summary does.
    """

    @property
    def labels(self) -> tuple[str, ...]:
        """What the label is one of: the moods or the quadrants."""
        return QUADRANTS if self.label in QUADRANTS else MOODS

    def mood(self, model: str = "fused", among: Sequence[str] = MOODS) -> str | None:
        """The most probable of these moods."""
        if self.scores is None:
            return None
        own = self.scores[MODELS.index(model)]
        return max(among, key=lambda mood: own[MOODS.index(mood)])

    def quadrant(self, model: str = "fused") -> str | None:
        """The quadrant whose moods together are the most probable."""
        if self.scores is None:
            return None
        sums = quadrant_scores(self.scores[MODELS.index(model)])
        return max(sums, key=sums.__getitem__)

    def named(self, model: str = "fused", among: Sequence[str] | None = None) -> str | None:
        """What stands against the label: a mood for a voice, a quadrant for music.

        Args:
            model: one of :data:`MODELS`.
            among: the moods that a voice may have, if they are known to be fewer.
        """
        if self.labels == QUADRANTS:
            return self.quadrant(model)
        return self.mood(model, among or MOODS)

    def probabilities(
        self, model: str = "fused", among: Sequence[str] | None = None
    ) -> dict[str, float] | None:
        """The probability of each thing that the label may be; they sum to one."""
        if self.scores is None:
            return None
        own = self.scores[MODELS.index(model)]
        if self.labels == QUADRANTS:
            parts = quadrant_scores(own)
        else:
            parts = {mood: own[MOODS.index(mood)] for mood in among or MOODS}
        total = float(np.sum(list(parts.values())))
        return {name: part / total for name, part in parts.items()}
