"""Targets of a batch, packed with their weights for the losses."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from moodstream.arrays import Float32
from moodstream_train.dataset.features import Features
from moodstream_train.dataset.targets import Targets

Indices = NDArray[np.int64]


class Drawn(NamedTuple):
    """Targets of a batch; all axes but the last are those of the batch."""

    masks: Float32
    mood_weights: Float32
    heard: Float32
    heard_weights: Float32
    place: Float32
    place_weights: Float32


def packed(
    drawn: Drawn, other: Indices | None = None, share: Float32 | None = None
) -> dict[str, Float32]:
    """Return targets in the form that the losses take.

    Args:
        drawn: targets of each example.
        other: the example that each is mixed with [shape=(batch,)].
        share: share of the first example in the mixture [shape=(batch,)].
    """
    if other is None or share is None:
        other = np.arange(len(drawn.masks))
        share = np.ones(len(drawn.masks), np.float32)
    own = share.reshape(-1, *(1,) * (drawn.mood_weights.ndim - 1))
    moods = [
        drawn.masks,
        (own * drawn.mood_weights)[..., None],
        drawn.masks[other],
        ((1 - own) * drawn.mood_weights[other])[..., None],
    ]
    return {
        "logits": np.concatenate(moods, axis=-1),
        "heard": _weighted(drawn.heard, drawn.heard_weights, other, share),
        "place": _weighted(drawn.place, drawn.place_weights, other, share),
    }


def _weighted(values: Float32, weights: Float32, other: Indices, share: Float32) -> Float32:
    weight = blend(weights, weights[other], share)
    value = blend(values * weights, (values * weights)[other], share) / np.maximum(weight, 1e-6)
    return np.concatenate((value, weight), axis=-1).astype(np.float32)


def blend(own: Float32, other: Float32, share: Float32) -> Float32:
    """Mix two batches, each example by its own share [shape=(batch,)]."""
    kept = share.reshape(-1, *(1,) * (own.ndim - 1))
    blended: Float32 = kept * own + (1 - kept) * other
    return blended


def with_background(known: Targets, source: Features) -> Targets:
    """Return the targets of a variant: a background may add a voice or music."""
    return known._replace(
        heard=np.where(source.heard >= 0, source.heard, 0).astype(np.float32),
        heard_weights=(source.heard >= 0).astype(np.float32),
    )
