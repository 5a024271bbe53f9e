"""Temperatures and the fusion weight, from groups that were held out of the training side."""

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np

from moodstream.arrays import Float32
from moodstream.mood import MOODS
from moodstream.normalise import NormalisationSpec
from moodstream.softmax import log_softmax
from moodstream_train.corpora import Clip
from moodstream_train.examples import hop_windows
from moodstream_train.features import Features
from moodstream_train.recipe import Recipe

TEMPERATURES = np.geomspace(0.4, 4.0, 61)
WEIGHTS = np.linspace(0.2, 0.8, 13)


@dataclass(frozen=True)
class Calibration:
    """What stands between the logits and the fused evidence."""

    cnn_temperature: float = 1.0
    rnn_temperature: float = 1.0
    cnn_weight: float = 0.5
    """The RNN's is one minus this."""


def calibrate(
    cnn: keras.Model,
    rnn: keras.Model,
    clips: Sequence[Clip],
    features: Features,
    indices: Sequence[int],
    prior: NormalisationSpec,
    recipe: Recipe,
) -> Calibration:
    """Minimise the loss on some clips, each corpus counting the same."""
    if not indices:
        return Calibration()
    mean, std = np.array(prior.mean, np.float32), np.array(prior.std, np.float32)
    masks = np.zeros((len(indices), len(MOODS)), np.float32)
    windows, steps = [], []
    for k, i in enumerate(indices):
        masks[k, list(clips[i].moods)] = 1
        frames = (features.clip(i) - mean) / std
        windows.append(hop_windows(frames, recipe.cnn.window_frames, recipe.hop_frames))
        steps.append(_steps(frames, recipe))
    counts = np.cumsum([len(part) for part in windows])[:-1]
    cnn_logits = np.split(cnn.predict(np.concatenate(windows), 256, verbose=0), counts)
    longest = max(len(part) for part in steps)
    padded = np.stack([np.pad(part, ((0, longest - len(part)), (0, 0))) for part in steps])
    settle = recipe.rnn.settle_steps
    rnn_logits = [
        logits[min(settle, len(part) - 1) : len(part)]
        for logits, part in zip(rnn.predict(padded, 32, verbose=0), steps, strict=True)
    ]
    corpora = [clips[i].corpus for i in indices]
    balance = np.array([1 / corpora.count(corpus) for corpus in corpora])
    balance /= balance.sum()

    def loss(evidence: list[Float32]) -> float:
        """Mean over the clips of the mean over what was said during each."""
        each = [
            -np.log(np.maximum(np.exp(log_softmax(part)) @ mask, 1e-9)).mean()
            for part, mask in zip(evidence, masks, strict=True)
        ]
        return float(balance @ np.array(each))

    def temperature(logits: list[Float32]) -> float:
        found = [loss([(part / t).astype(np.float32) for part in logits]) for t in TEMPERATURES]
        return float(TEMPERATURES[int(np.argmin(found))])

    t_cnn, t_rnn = temperature(cnn_logits), temperature(rnn_logits)
    c = [log_softmax((part / t_cnn).astype(np.float32)).mean(axis=0) for part in cnn_logits]
    r = [log_softmax((part / t_rnn).astype(np.float32)).mean(axis=0) for part in rnn_logits]
    fused = [
        loss([(w * a + (1 - w) * b)[None].astype(np.float32) for a, b in zip(c, r, strict=True)])
        for w in WEIGHTS
    ]
    return Calibration(
        cnn_temperature=round(t_cnn, 4),
        rnn_temperature=round(t_rnn, 4),
        cnn_weight=round(float(WEIGHTS[int(np.argmin(fused))]), 3),
    )


def mean(found: Sequence[Calibration]) -> Calibration:
    """Of the folds, for the model that is trained on everything."""
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


def _steps(frames: Float32, recipe: Recipe) -> Float32:
    """The first steps of a clip, no more than are remembered [shape=(steps, width)]."""
    width = recipe.rnn.step_frames
    count = min(recipe.rnn.memory_steps, len(frames) // width)
    return frames[: count * width].reshape(count, -1)
