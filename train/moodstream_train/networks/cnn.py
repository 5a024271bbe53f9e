"""The CNN: a temporal convolutional network over one window, a dense network over its texture."""

import keras
from keras import layers

from moodstream.mood.circumplex import MOODS
from moodstream_train.recipe import CnnRecipe


def build(recipe: CnnRecipe, n_mfcc: int, texture_width: int) -> keras.Model:
    """Build the CNN, from a window and its texture to logits.

    Inputs are ``frames`` [shape=(batch, window_frames, n_mfcc)] and ``texture`` [shape=(batch,
    texture_width)], the output is ``logits`` [shape=(batch, moods)].

    The coefficients are the channels of the convolutions, which span time. Depthwise-separable
    convolutions of this size are slower to train on a CPU and no faster to run. The last layers
    see the mean and the maximum over time, which survive int8. A deviation over time does not
    survive int8, and the texture contains one.
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
    logits = layers.Dense(len(MOODS), name="logits")(x)
    return keras.Model([frames, texture], logits, name="cnn")
