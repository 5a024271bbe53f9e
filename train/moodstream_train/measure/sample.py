"""Some of the clips, so that a long measurement becomes a short one."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from moodstream_train.corpora import Clip
from moodstream_train.errors import TrainingError


def stratified(clips: Sequence[Clip], share: float, seed: int = 0) -> list[Clip]:
    """This share of each label of each corpus, drawn by a seed; in the order they came in.

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
    """All clips if they are no more than about this many, else so many, stratified."""
    return stratified(clips, min(1.0, count / max(1, len(clips))), seed)
