"""Losses of the three outputs: moods, what is heard, and the place on the circumplex.

Each target carries its weights beside its values, so that one array goes with each output.
"""

from typing import Any

import keras
from keras import ops

from moodstream.mood.circumplex import MOODS

FAR = -1e9
"""Log probability of what is masked out."""


@keras.saving.register_keras_serializable("moodstream")
class MoodLoss(keras.losses.Loss):  # type: ignore[misc]  # Keras is not typed
    """Minus the log of the probability of all moods that are right, weighted.

    The target [shape=(..., parts * (moods + 1))] holds, for each part of a mixture, a mask of the
    right moods and a weight. Where the mask is empty, the loss is the cross-entropy of the uniform
    distribution: all moods should be as probable.

    Args:
        smoothing: label smoothing, the share of the uniform distribution.
    """

    def __init__(self, smoothing: float = 0.0, **kwargs: Any) -> None:
        super().__init__(name="mood_loss", **kwargs)
        self.smoothing = smoothing

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the weighted loss of each example [shape=(...)]."""
        logp = ops.log_softmax(y_pred)
        even = ops.mean(logp, axis=-1)
        width = len(MOODS) + 1
        total = ops.zeros_like(even)
        for start in range(0, y_true.shape[-1], width):
            masks = y_true[..., start : start + width - 1]
            weights = y_true[..., start + width - 1]
            right = ops.logsumexp(ops.where(masks > 0, logp, FAR), axis=-1)
            named = (1 - self.smoothing) * right + self.smoothing * even
            total -= weights * ops.where(ops.any(masks > 0, axis=-1), named, even)
        return total


@keras.saving.register_keras_serializable("moodstream")
class HeardLoss(keras.losses.Loss):  # type: ignore[misc]
    """Binary cross-entropy of voice and of music, weighted.

    The target [shape=(..., 4)] holds two probabilities and their two weights.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name="heard_loss", **kwargs)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the weighted loss of each example [shape=(...)]."""
        values, weights = y_true[..., :2], y_true[..., 2:]
        # log(1 + exp(x)) without overflow.
        each = ops.softplus(y_pred) - values * y_pred
        return ops.sum(weights * each, axis=-1)


@keras.saving.register_keras_serializable("moodstream")
class PlaceLoss(keras.losses.Loss):  # type: ignore[misc]
    """Squared error of valence and arousal, weighted.

    The target [shape=(..., 4)] holds two values and their two weights.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name="place_loss", **kwargs)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the weighted loss of each example [shape=(...)]."""
        values, weights = y_true[..., :2], y_true[..., 2:]
        return ops.sum(weights * ops.square(y_pred - values), axis=-1)


def unsmoothed(y_true: Any, y_pred: Any) -> Any:
    """Return the loss of the moods without label smoothing, as its mean by weight."""
    weights = y_true[..., len(MOODS) :: len(MOODS) + 1]
    return ops.sum(MoodLoss().call(y_true, y_pred)) / ops.maximum(ops.sum(weights), 1e-6)


def accuracy(y_true: Any, y_pred: Any) -> Any:
    """Return the share of moods, by weight, that are named rightly.

    Targets without a right mood do not count.
    """
    named = ops.one_hot(ops.argmax(y_pred, axis=-1), len(MOODS))
    right = total = 0.0
    width = len(MOODS) + 1
    for start in range(0, y_true.shape[-1], width):
        masks = y_true[..., start : start + width - 1]
        weights = y_true[..., start + width - 1] * ops.max(masks, axis=-1)
        right += ops.sum(weights * ops.sum(named * masks, axis=-1))
        total += ops.sum(weights)
    return right / ops.maximum(total, 1e-6)
