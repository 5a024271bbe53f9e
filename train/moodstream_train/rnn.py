"""The RNN: trained on whole sequences, exported as a single step with its state outside."""

import keras
from keras import layers, ops

from moodstream.mood import MOODS
from moodstream_train.recipe import RnnRecipe


def build(recipe: RnnRecipe, n_mfcc: int) -> keras.Model:
    """From steps of frames [shape=(batch, steps, step_frames * n_mfcc)] to logits at each step.

    Returns:
        a model with logits [shape=(batch, steps, moods)]; every sequence begins with a zero state.
    """
    frames = keras.Input((None, recipe.step_frames * n_mfcc), name="frames")
    x = layers.Dense(recipe.embedding, activation="relu", name="embedding")(frames)
    for i, units in enumerate(recipe.units):
        x = layers.GRU(units, return_sequences=True, name=f"gru_{i}")(
            layers.Dropout(recipe.dropout)(x)
        )
    x = layers.Dropout(recipe.dropout)(x)
    return keras.Model(frames, layers.Dense(len(MOODS), name="logits")(x), name="rnn")


def single_step(trained: keras.Model, recipe: RnnRecipe, n_mfcc: int) -> keras.Model:
    """The same network for one step of two streams, as :class:`moodstream.rnn.RnnClassifier` runs.

    From ``frames`` [shape=(2, step_frames, n_mfcc)] and ``state`` [shape=(2, sum of units)] to
    ``logits`` [shape=(2, moods)] and ``state_out``; the layers share one concatenated state.
    """
    frames = keras.Input(batch_shape=(2, recipe.step_frames, n_mfcc), name="frames")
    state = keras.Input(batch_shape=(2, sum(recipe.units)), name="state")
    flat = layers.Reshape((recipe.step_frames * n_mfcc,))(frames)
    x = layers.Dense(recipe.embedding, activation="relu", name="embedding")(flat)
    after, begin = [], 0
    for i, units in enumerate(recipe.units):
        cell = layers.GRUCell(units, name=f"gru_{i}")
        x, _ = cell(x, state[:, begin : begin + units])
        after.append(x)
        begin += units
    state_out = ops.concatenate(after, axis=-1) if len(after) > 1 else after[0]
    logits = layers.Dense(len(MOODS), name="logits")(x)
    step = keras.Model([frames, state], {"logits": logits, "state_out": state_out}, name="rnn_step")
    for layer in step.layers:
        if layer.weights:
            layer.set_weights(trained.get_layer(layer.name).get_weights())
    return step
