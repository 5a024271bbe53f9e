"""Valence and arousal as published, against what listeners rated."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from moodstream_train.corpora.clip import Clip
from moodstream_train.measure.verdict import Verdict

FEWEST = 10
"""Fewest clips of which a correlation is computed."""


@dataclass(frozen=True)
class Agreement:
    """Pearson's correlations with the ratings of one corpus."""

    clips: int
    valence: float
    arousal: float


def agreement(clips: Sequence[Clip], verdicts: Sequence[Verdict]) -> dict[str, Agreement]:
    """Return how far the published valence and arousal follow the ratings of each corpus.

    Args:
        clips: some of them with ratings of both.
        verdicts: one of each clip, in the same order. Silent clips are left out.
    """
    pairs: dict[str, list[tuple[float, float, float, float]]] = {}
    for clip, one in zip(clips, verdicts, strict=True):
        if clip.valence is not None and clip.arousal is not None and one.place is not None:
            pairs.setdefault(clip.corpus, []).append((clip.valence, clip.arousal, *one.place))
    return {
        corpus: _agreement(np.array(own)) for corpus, own in pairs.items() if len(own) >= FEWEST
    }


def _agreement(values: np.ndarray) -> Agreement:
    correlations = np.corrcoef(values, rowvar=False)
    return Agreement(
        len(values), round(float(correlations[0, 2]), 3), round(float(correlations[1, 3]), 3)
    )
