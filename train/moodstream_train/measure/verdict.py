"""Verdict of a bundle on one clip."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from moodstream.mood.circumplex import MOODS, QUADRANTS, quadrant_scores

MODELS = ("fused", "cnn", "rnn")
"""Names in the order of the pipeline's evidence: both models together, then each alone."""


@dataclass(frozen=True)
class Verdict:
    """Scores of a bundle for one clip, with its label."""

    clip: str
    corpus: str
    group: str
    """Actor, artist or song. Intervals draw whole groups."""
    sex: str | None
    label: str
    """Mood of a voice, or quadrant of music."""
    scores: Sequence[Sequence[float]] | None
    """Probabilities from each of :data:`MODELS` [shape=(models, moods)]; None in silence.

    They come from the mean log probabilities over the audible clip, as in the runtime's summary.
    """
    place: tuple[float, float] | None = None
    """Valence and arousal that the runtime publishes of the clip, -1..1; None in silence."""

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels of this kind: the moods or the quadrants."""
        return QUADRANTS if self.label in QUADRANTS else MOODS

    def mood(self, model: str = "fused", among: Sequence[str] = MOODS) -> str | None:
        """Return the most probable of these moods."""
        if self.scores is None:
            return None
        own = self.scores[MODELS.index(model)]
        return max(among, key=lambda mood: own[MOODS.index(mood)])

    def quadrant(self, model: str = "fused") -> str | None:
        """Return the quadrant whose moods together are the most probable."""
        if self.scores is None:
            return None
        sums = quadrant_scores(self.scores[MODELS.index(model)])
        return max(sums, key=sums.__getitem__)

    def named(self, model: str = "fused", among: Sequence[str] | None = None) -> str | None:
        """Return the label that a model names: a mood for a voice, a quadrant for music.

        Args:
            model: one of :data:`MODELS`.
            among: moods that a voice may have; all if None.
        """
        if self.labels == QUADRANTS:
            return self.quadrant(model)
        return self.mood(model, among or MOODS)

    def probabilities(
        self, model: str = "fused", among: Sequence[str] | None = None
    ) -> dict[str, float] | None:
        """Return the probability of each possible label; they sum to one."""
        if self.scores is None:
            return None
        own = self.scores[MODELS.index(model)]
        if self.labels == QUADRANTS:
            parts = quadrant_scores(own)
        else:
            parts = {mood: own[MOODS.index(mood)] for mood in among or MOODS}
        total = float(np.sum(list(parts.values())))
        return {name: part / total for name, part in parts.items()}
