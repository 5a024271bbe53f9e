"""The RNN: trained on whole sequences, exported as a single step with an external state."""

import math
from typing import Any

import keras
from keras import layers, ops

from moodstream.features.mfcc import FeatureSpec
from moodstream.mood.circumplex import MOODS
from moodstream_train.recipe import RnnRecipe


class RunningMeans(layers.Layer):  # type: ignore[misc]  # Keras is not typed
    """A sequence and its exponential averages, each with its own time constant.

    The weights of an average sum to one from the first step on.

    Args:
        decays: share of each average that is kept from one step to the next.
    """

    def __init__(self, decays: tuple[float, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.decays = decays

    def call(self, sequence: Any) -> Any:
        """Map [shape=(batch, steps, n)] to [shape=(batch, steps, n * (1 + averages))]."""
        step = ops.arange(ops.shape(sequence)[1], dtype="float32")
        age = step[:, None] - step[None]
        parts = [sequence]
        for decay in self.decays:
            weights = ops.where(age >= 0, ops.power(decay, ops.maximum(age, 0)), 0.0)
            weights /= ops.sum(weights, axis=1, keepdims=True)
            parts.append(ops.matmul(weights[None], sequence))
        return ops.concatenate(parts, axis=-1)


def decays(recipe: RnnRecipe, spec: FeatureSpec) -> tuple[float, ...]:
    """Return the share of each running mean that is kept from one step to the next."""
    step_s = recipe.step_frames * spec.hop_length / spec.sample_rate
    return tuple(math.exp(-step_s / average_s) for average_s in recipe.averages_s)


def build(recipe: RnnRecipe, spec: FeatureSpec) -> keras.Model:
    """Build the RNN, from frames [shape=(batch, steps, step_frames * n_mfcc)] to logits.

    A label belongs to a whole clip. The output layer therefore sees running means of the state
    beside the state.

    Returns:
        a model with logits at each step [shape=(batch, steps, moods)]. Every sequence begins with
        a zero state.
    """
    frames = keras.Input((None, recipe.step_frames * spec.n_mfcc), name="frames")
    x = layers.Dense(recipe.embedding, activation="relu", name="embedding")(frames)
    x = layers.Dropout(recipe.dropout)(x)
    x = layers.GRU(recipe.units, return_sequences=True, name="gru")(x)
    x = layers.Dropout(recipe.dropout)(RunningMeans(decays(recipe, spec))(x))
    return keras.Model(frames, layers.Dense(len(MOODS), name="logits")(x), name="rnn")


def state_width(recipe: RnnRecipe) -> int:
    """Return the width of the exported state: GRU, sums of the running means, their weights."""
    return recipe.units * (1 + len(recipe.averages_s)) + len(recipe.averages_s)


def single_step(trained: keras.Model, recipe: RnnRecipe, spec: FeatureSpec) -> keras.Model:
    """Build the same network for one step of two streams, as :class:`RnnClassifier` runs it.

    It maps ``frames`` [shape=(2, step_frames, n_mfcc)] and ``state`` [shape=(2, state_width)] to
    ``logits`` [shape=(2, moods)] and ``state_out``. A running mean is held as a sum and the sum
    of its weights, which decay alike.
    """
    frames = keras.Input(batch_shape=(2, recipe.step_frames, spec.n_mfcc), name="frames")
    state = keras.Input(batch_shape=(2, state_width(recipe)), name="state")
    flat = layers.Reshape((recipe.step_frames * spec.n_mfcc,))(frames)
    x = layers.Dense(recipe.embedding, activation="relu", name="embedding")(flat)
    units = recipe.units
    x, _ = layers.GRUCell(units, name="gru")(x, state[:, :units])
    seen, after, weights = [x], [x], []
    first_weight = units * (1 + len(recipe.averages_s))
    for k, decay in enumerate(decays(recipe, spec)):
        total = decay * state[:, units * (k + 1) : units * (k + 2)] + x
        weight = decay * state[:, first_weight + k : first_weight + k + 1] + 1.0
        seen.append(total / weight)
        after.append(total)
        weights.append(weight)
    logits = layers.Dense(len(MOODS), name="logits")(ops.concatenate(seen, axis=-1))
    state_out = ops.concatenate([*after, *weights], axis=-1)
    step = keras.Model([frames, state], {"logits": logits, "state_out": state_out}, name="rnn_step")
    for layer in step.layers:
        if layer.weights:
            layer.set_weights(trained.get_layer(layer.name).get_weights())
    return step
