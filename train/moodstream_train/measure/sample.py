"""Samples of clips, which shorten a measurement."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from moodstream_train.corpora import Clip
from moodstream_train.errors import TrainingError


def stratified(clips: Sequence[Clip], share: float, seed: int = 0) -> list[Clip]:
    """Draw a share of each label of each corpus, and keep the order.

    Raises:
        TrainingError: the share is not above 0 and up to 1.
    """
    if not 0 < share <= 1:
        raise TrainingError(f"share is {share:g}; it must be above 0 and up to 1")
    kinds = defaultdict(list)
    for i, clip in enumerate(clips):
        kinds[clip.corpus, clip.label].append(i)
    rng = np.random.default_rng(seed)
    chosen: list[int] = []
    for kind in sorted(kinds):
        own = kinds[kind]
        chosen += rng.permutation(own)[: max(1, round(share * len(own)))].tolist()
    return [clips[i] for i in sorted(chosen)]


def at_most(clips: Sequence[Clip], count: int, seed: int = 0) -> list[Clip]:
    """Return about this many clips at most, drawn as in :func:`stratified`."""
    return stratified(clips, min(1.0, count / max(1, len(clips))), seed)
