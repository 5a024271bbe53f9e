"""Temperatures and the fusion weight, fitted on groups held out of the training side."""

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np

from moodstream.arrays import Float32, Numbers
from moodstream.mood.softmax import log_softmax
from moodstream_train.corpora import Clip
from moodstream_train.dataset.features import Features
from moodstream_train.dataset.inputs import Prior, clip_windows, masks_of
from moodstream_train.recipe import Recipe

TEMPERATURES = np.geomspace(0.4, 4.0, 61)
CNN_WEIGHTS = np.linspace(0.2, 0.8, 13)


@dataclass(frozen=True)
class Calibration:
    """Temperatures and weights between the logits of both models and their fused evidence."""

    cnn_temperature: float = 1.0
    """Divisor of the CNN's logits."""
    rnn_temperature: float = 1.0
    """Divisor of the RNN's logits."""
    cnn_weight: float = 0.5
    """Weight of the CNN. The weight of the RNN is one minus this."""


def calibrate(
    cnn: keras.Model,
    rnn: keras.Model,
    clips: Sequence[Clip],
    features: Features,
    indices: Sequence[int],
    prior: Prior,
    recipe: Recipe,
) -> Calibration:
    """Fit temperatures and weight to the loss over whole clips. Each corpus counts the same.

    A clip's evidence is its mean logit, which equals its mean log probability up to a constant.
    The steps are: the temperature of each model, the weight between them, and a factor for both
    temperatures, because the mean of two calibrated models is underconfident.
    """
    if not indices:
        return Calibration()
    masks = masks_of([clips[i] for i in indices])
    corpora = [clips[i].corpus for i in indices]
    balance = np.array([1 / corpora.count(corpus) for corpus in corpora])
    balance /= balance.sum()
    of_cnn = _cnn_logits(cnn, features, indices, prior, recipe)
    of_rnn = _rnn_logits(rnn, features, indices, prior, recipe)

    def loss(logits: Numbers) -> float:
        right = np.exp(log_softmax(logits.astype(np.float32))) * masks
        return float(balance @ -np.log(np.maximum(right.sum(axis=1), 1e-9)))

    def best(values: Numbers, logits: list[Numbers]) -> float:
        return float(values[int(np.argmin([loss(each) for each in logits]))])

    t_cnn = best(TEMPERATURES, [of_cnn / t for t in TEMPERATURES])
    t_rnn = best(TEMPERATURES, [of_rnn / t for t in TEMPERATURES])
    weight = best(CNN_WEIGHTS, [w * of_cnn / t_cnn + (1 - w) * of_rnn / t_rnn for w in CNN_WEIGHTS])
    fused = weight * of_cnn / t_cnn + (1 - weight) * of_rnn / t_rnn
    common = best(TEMPERATURES, [fused / t for t in TEMPERATURES])
    return Calibration(
        cnn_temperature=round(t_cnn * common, 4),
        rnn_temperature=round(t_rnn * common, 4),
        cnn_weight=round(weight, 3),
    )


def mean(found: Sequence[Calibration]) -> Calibration:
    """Return the mean calibration of the folds, for the model that is trained on everything."""
    if not found:
        return Calibration()
    return Calibration(
        cnn_temperature=round(
            float(np.exp(np.mean([np.log(c.cnn_temperature) for c in found]))), 4
        ),
        rnn_temperature=round(
            float(np.exp(np.mean([np.log(c.rnn_temperature) for c in found]))), 4
        ),
        cnn_weight=round(float(np.mean([c.cnn_weight for c in found])), 3),
    )


def _cnn_logits(
    cnn: keras.Model, features: Features, indices: Sequence[int], prior: Prior, recipe: Recipe
) -> Numbers:
    """Return the mean logits over the hops that the runtime judges [shape=(indices, moods)]."""
    inputs = [clip_windows(features, i, prior, recipe) for i in indices]
    starts = np.cumsum([0, *(len(part[0]) for part in inputs)])[:-1]
    counts = np.array([len(part[0]) for part in inputs])
    whole = [np.concatenate(each) for each in zip(*inputs, strict=True)]
    logits = cnn.predict(whole, 256, verbose=0)
    return np.asarray(np.add.reduceat(logits, starts, axis=0) / counts[:, None])


def _rnn_logits(
    rnn: keras.Model, features: Features, indices: Sequence[int], prior: Prior, recipe: Recipe
) -> Numbers:
    """Return the mean logits over steps after the window is full [shape=(indices, moods)]."""
    sequences = [_steps((features.clip(i) - prior.mean) / prior.std, recipe) for i in indices]
    longest = max(len(sequence) for sequence in sequences)
    padded = [np.pad(each, ((0, longest - len(each)), (0, 0))) for each in sequences]
    logits = rnn.predict(np.stack(padded), 32, verbose=0)
    first = (recipe.cnn.window_frames - recipe.hop_frames) // recipe.rnn.step_frames
    return np.stack(
        [
            said[min(first, len(sequence) - 1) : len(sequence)].mean(axis=0)
            for said, sequence in zip(logits, sequences, strict=True)
        ]
    )


def _steps(frames: Float32, recipe: Recipe) -> Float32:
    """Return a clip's first steps, up to the length of the memory [shape=(steps, width)]."""
    width = recipe.rnn.step_frames
    count = min(recipe.rnn.memory_steps, len(frames) // width)
    return frames[: count * width].reshape(count, -1)
