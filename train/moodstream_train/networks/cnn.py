"""The CNN: a temporal convolutional network over one window, and a dense one over its texture."""

import keras
from keras import layers

from moodstream_train.networks.outputs import outputs
from moodstream_train.recipe import CnnRecipe


def build(recipe: CnnRecipe, n_mfcc: int, texture_width: int) -> keras.Model:
    """Build the network from a window and its texture to the three outputs.

    Inputs are ``frames`` [shape=(batch, window_frames, n_mfcc)] and ``texture`` [shape=(batch,
    texture_width)]. Outputs are ``logits`` [shape=(batch, moods)], ``heard`` [shape=(batch, 2)]
    and ``place`` [shape=(batch, 2)]; see :func:`outputs`.

    The coefficients are the channels of the convolutions, which span time. Nothing is padded, so
    that what a convolution says of some frames is the same in every window that holds them.
    Depthwise-separable convolutions of this size are slower to train on a CPU and no faster to
    run. The last layers see the mean and the maximum over time, which survive int8. A deviation
    over time does not survive int8, and the texture contains one.
    """
    frames = keras.Input((recipe.window_frames, n_mfcc), name="frames")
    texture = keras.Input((texture_width,), name="texture")
    x = frames
    for i, channels in enumerate(recipe.channels):
        span, stride = (3 if i else 5), (1 if i % 2 else 2)
        x = layers.Conv1D(channels, span, stride, use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    parts = [layers.GlobalAveragePooling1D()(x), layers.GlobalMaxPooling1D()(x)]
    t = texture
    for units in recipe.texture:
        t = layers.ReLU()(layers.BatchNormalization()(layers.Dense(units, use_bias=False)(t)))
        t = layers.Dropout(recipe.dropout)(t)
    if recipe.texture:
        parts.append(t)
    x = layers.Dropout(recipe.dropout)(layers.Concatenate()(parts))
    return keras.Model([frames, texture], outputs(x), name="cnn")
