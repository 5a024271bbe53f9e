"""Statistics of the audible frames of some clips."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from moodstream.arrays import Float32
from moodstream.features.silence import SilenceGate
from moodstream.features.stationary import StationaryGate
from moodstream_train.dataset.features import Features
from moodstream_train.recipe import Recipe


def audible(features: Features, i: int, recipe: Recipe) -> NDArray[np.bool_]:
    """Return for each frame of a clip whether the runtime counts its hop as audible."""
    gate = SilenceGate(recipe.silence, recipe.features.sample_rate)
    still = StationaryGate(recipe.silence.stationary, recipe.cnn.window_frames)
    hop_n = recipe.hop_frames * recipe.features.hop_length
    heard = []
    for k, level in enumerate(features.levels[features.hops(i)]):
        frames = features.clip(i)[k * recipe.hop_frames : (k + 1) * recipe.hop_frames]
        silent = gate.process(float(level), hop_n)
        heard.append(not (still.process(frames) or silent))
    return np.repeat(heard, recipe.hop_frames)[: features.length(i)]


def statistics(
    features: Features, indices: Sequence[int], recipe: Recipe
) -> tuple[Float32, Float32]:
    """Compute mean and deviation of each coefficient over the audible frames of some clips."""
    count, total = 0, np.zeros(features.frames.shape[1])
    square = np.zeros_like(total)
    for i in indices:
        heard = features.clip(i)[audible(features, i, recipe)].astype(np.float64)
        count += len(heard)
        total += heard.sum(axis=0)
        square += (heard**2).sum(axis=0)
    if count == 0:
        return np.zeros(len(total), np.float32), np.ones(len(total), np.float32)
    mean = total / count
    std = np.sqrt(np.maximum(square / count - mean**2, 1e-6))
    return mean.astype(np.float32), std.astype(np.float32)
