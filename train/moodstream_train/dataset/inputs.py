"""Inputs and targets of the models: normalised features, masks of right moods, warps."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from moodstream.arrays import Float32
from moodstream.features.mfcc import dct_matrix
from moodstream.mood.circumplex import MOODS
from moodstream_train.corpora import Clip
from moodstream_train.dataset import features
from moodstream_train.dataset.features import Features
from moodstream_train.recipe import Recipe

WARPS = 21
"""Number of warps of the mel bands to draw from. Each is a matrix, computed once."""


class Prior(NamedTuple):
    """Statistics of the training side that standardise the inputs of the models."""

    mean: Float32
    """Mean of each coefficient [shape=(n_mfcc,)]."""
    std: Float32
    """Standard deviation of each coefficient [shape=(n_mfcc,)]."""
    texture_mean: Float32
    """Mean of each statistic over normalised frames [shape=(width,)]."""
    texture_std: Float32
    """Standard deviation of each statistic [shape=(width,)]."""


def masks_of(clips: Sequence[Clip]) -> Float32:
    """Return 1 for each correct mood and 0 elsewhere [shape=(clips, moods)]."""
    masks = np.zeros((len(clips), len(MOODS)), np.float32)
    for i, clip in enumerate(clips):
        masks[i, list(clip.moods)] = 1
    return masks


def normalised(
    prior: Prior,
    recipe: Recipe,
    frames: Float32,
    textures: Float32,
    mean: Float32 | None = None,
    std: Float32 | None = None,
) -> tuple[Float32, ...]:
    """Normalise features into the inputs of the CNN.

    Args:
        prior: standardises the textures, and the frames if no mean is given.
        recipe: gives the lags of the texture.
        frames: not normalised [shape=(n, window_frames, n_mfcc)].
        textures: not normalised [shape=(n, width)].
        mean: mean of each example's room [shape=(n, n_mfcc)].
        std: standard deviation of each example's room [shape=(n, n_mfcc)].
    """
    lags = len(recipe.texture.lags)
    if mean is None or std is None:
        frames = (frames - prior.mean) / prior.std
        textures = features.normalised(textures, prior.mean, prior.std, lags)
    else:
        frames = (frames - mean[:, None]) / std[:, None]
        textures = features.normalised(textures, mean, std, lags)
    return frames, (textures - prior.texture_mean) / prior.texture_std


def clip_windows(source: Features, i: int, prior: Prior, recipe: Recipe) -> tuple[Float32, ...]:
    """Return the inputs of the CNN at the hops where the runtime classifies a clip.

    The runtime classifies hops with a full window. A shorter clip has one input, at its last hop,
    with a window that repeats the clip.
    """
    frames, length, hop = source.clip(i), recipe.cnn.window_frames, recipe.hop_frames
    ends = np.minimum(np.arange(hop, len(frames) + hop, hop), len(frames))
    judged = np.flatnonzero(ends >= length)
    if not len(judged):
        judged = np.array([len(ends) - 1])
    ago = np.arange(length - 1, -1, -1)
    windows = np.stack([frames[end - 1 - ago % end] for end in ends[judged]])
    return normalised(prior, recipe, windows, source.textures[source.hops(i)][judged])


def warps(widest: float, n_mels: int, n_mfcc: int) -> Float32:
    """Return matrices that move the mel bands of MFCC frames up or down.

    Each matrix transforms coefficients to bands, interpolates these, and transforms them back.

    Args:
        widest: largest factor by which bands move.
        n_mels: number of mel bands.
        n_mfcc: number of coefficients.

    Returns:
        matrices for the right side of frames [shape=(warps, n_mfcc, n_mfcc)].
    """
    dct = dct_matrix(n_mfcc, n_mels)
    bands = np.arange(n_mels)
    made = []
    for factor in np.linspace(1 - widest, 1 + widest, WARPS) if widest else (1.0,):
        places = np.clip(bands * factor, 0, n_mels - 1)
        below = np.floor(places).astype(np.int64)
        moved = np.zeros((n_mels, n_mels), np.float32)
        moved[bands, below] += below + 1 - places
        moved[bands, np.minimum(below + 1, n_mels - 1)] += places - below
        made.append((dct @ moved @ dct.T).T)
    return np.stack(made).astype(np.float32)
