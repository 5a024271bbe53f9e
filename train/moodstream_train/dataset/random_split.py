"""A random split of clips, for comparison with figures that were measured on one."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from moodstream_train.corpora import Clip, CorpusError

Indices = NDArray[np.int64]
"""Places in the list of clips [shape=(n,)]."""


def stratified(clips: Sequence[Clip], test_share: float, seed: int) -> tuple[Indices, Indices]:
    """Draw clips at random, each label in proportion: the indices to train on and to test on.

    **It leaks voices.** The same singers are on both sides, so that a model which knows the singer
    looks better than it is on anybody else, on RAVDESS song by some 13 points. It exists for the
    protocols S1 and S2 alone, whose earlier figures were measured so; whatever is claimed of new
    voices comes from :func:`moodstream_train.dataset.splits.split`.

    The sizes are those of scikit-learn's ``train_test_split``: the test side is rounded up, and
    what the labels' shares leave over goes to those with the largest remainders.

    Args:
        clips: of which only the labels are looked at.
        test_share: of the clips, between 0 and 1.
        seed: of the draw.

    Raises:
        CorpusError: a label has too few clips to be on both sides.
    """
    rng = np.random.default_rng(seed)
    names, labels = np.unique([clip.label for clip in clips], return_inverse=True)
    counts = np.bincount(labels, minlength=len(names))
    test_n = math.ceil(test_share * len(clips))
    wanted = counts * test_n / len(clips)
    tested = np.floor(wanted).astype(np.int64)
    # Sorted after a shuffle, so that equal remainders are served at random.
    order = rng.permutation(len(names))
    order = order[np.argsort(tested[order] - wanted[order], kind="stable")]
    tested[order[: test_n - tested.sum()]] += 1
    if missing := names[(tested == 0) | (tested == counts)].tolist():
        raise CorpusError(
            f"{len(clips)} clips, {test_share:.0%} to test on: too few of {', '.join(missing)} to "
            "be on both sides of the split; is the corpus complete?"
        )
    test = np.concatenate(
        [
            rng.permutation(np.flatnonzero(labels == label))[:count]
            for label, count in enumerate(tested)
        ]
    )
    test.sort()
    return np.setdiff1d(np.arange(len(clips)), test), test
