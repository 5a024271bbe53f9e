"""From logits to log probabilities."""

import numpy as np

from moodstream.arrays import Float32


def log_softmax(logits: Float32) -> Float32:
    """Log probabilities along the last axis, without overflow."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    result: Float32 = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result
