"""Softmax of logits."""

import numpy as np

from moodstream.arrays import Float32


def log_softmax(logits: Float32) -> Float32:
    """Return log probabilities along the last axis, without overflow."""
    result: Float32 = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    return result
