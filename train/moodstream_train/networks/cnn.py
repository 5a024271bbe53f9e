"""The CNN: a temporal convolutional network over one window, and a dense one over its texture."""

from typing import Any

import keras
from keras import layers, ops

from moodstream.mood.circumplex import MOODS
from moodstream_train.recipe import CnnRecipe


def build(recipe: CnnRecipe, n_mfcc: int, texture_width: int) -> keras.Model:
    """From a window and its texture to logits.

    Inputs are ``frames`` [shape=(batch, window_frames, n_mfcc)] and ``texture`` [shape=(batch,
    texture_width)], the output is ``logits`` [shape=(batch, moods)].

    The coefficients are the channels: a convolution spans time and sees all of them. Plain
    convolutions, as depthwise-separable ones of this size are slower to train on a CPU and no
    faster to run. Their end takes the mean and the maximum over time, which survive int8; a
    deviation does not, and the texture has it.
    """
    frames = keras.Input((recipe.window_frames, n_mfcc), name="frames")
    texture = keras.Input((texture_width,), name="texture")
    x = frames
    for i, channels in enumerate(recipe.channels):
        span, stride = (3 if i else 5), (1 if i % 2 else 2)
        x = layers.Conv1D(channels, span, stride, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    parts = [layers.GlobalAveragePooling1D()(x), layers.GlobalMaxPooling1D()(x)]
    t = texture
    for units in recipe.texture:
        t = layers.ReLU()(layers.BatchNormalization()(layers.Dense(units, use_bias=False)(t)))
        t = layers.Dropout(recipe.dropout)(t)
    if recipe.texture:
        parts.append(t)
    x = layers.Dropout(recipe.dropout)(layers.Concatenate()(parts))
    return keras.Model([frames, texture], _head(x, recipe.heads), name="cnn")


def _head(x: Any, heads: str) -> Any:
    if heads == "one":
        return layers.Dense(len(MOODS), name="logits")(x)
    voice, music = (layers.Dense(len(MOODS), "softmax")(x) for _ in range(2))
    gate = layers.Dense(1, "sigmoid")(x)
    return ops.log(gate * voice + (1 - gate) * music + 1e-6)
