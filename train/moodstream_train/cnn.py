"""The CNN: a temporal convolutional network over one window."""

import keras
from keras import layers

from moodstream.mood import MOODS
from moodstream_train.recipe import CnnRecipe


def build(recipe: CnnRecipe, n_mfcc: int) -> keras.Model:
    """From ``frames`` [shape=(batch, window_frames, n_mfcc)] to ``logits`` [shape=(batch, moods)].

    The coefficients are the channels: a convolution spans time and sees all of them. Plain
    convolutions, as depthwise-separable ones of this size are slower to train on a CPU and no
    faster to run. The end of the network takes the mean and the maximum over time, which survive
    int8; a deviation does not.
    """
    frames = keras.Input((recipe.window_frames, n_mfcc), name="frames")
    x = frames
    for i, channels in enumerate(recipe.channels):
        span, stride = (3 if i else 5), (1 if i % 2 else 2)
        x = layers.Conv1D(channels, span, stride, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    pooled = [layers.GlobalAveragePooling1D()(x), layers.GlobalMaxPooling1D()(x)]
    x = layers.Dropout(recipe.dropout)(layers.Concatenate()(pooled))
    return keras.Model(frames, layers.Dense(len(MOODS), name="logits")(x), name="cnn")
