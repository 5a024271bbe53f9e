"""The CNN: a temporal convolutional network over one window, and a dense one over its texture."""

import math
from typing import Any

import keras
from keras import layers, ops

from moodstream_train.networks.outputs import outputs
from moodstream_train.recipe import CnnRecipe


def build(
    recipe: CnnRecipe, n_mfcc: int, texture_width: int, *, folded: bool = False
) -> keras.Model:
    """Build the network from a window and its texture to the three outputs.

    Inputs are ``frames`` [shape=(batch, window_frames, n_mfcc)] and ``texture`` [shape=(batch,
    texture_width)]. Outputs are ``logits`` [shape=(batch, moods)], ``heard`` [shape=(batch, 2)]
    and ``place`` [shape=(batch, 2)]; see :func:`outputs`.

    The coefficients are the channels of the convolutions, which span time. Nothing is padded, so
    that what a convolution says of some frames is the same in every window that holds them.
    Depthwise-separable convolutions of this size are slower to train on a CPU and no faster to
    run. The last layers see the mean and the maximum over time, which survive int8. A deviation
    over time does not survive int8, and the texture contains one.

    Args:
        recipe: sizes of the layers.
        n_mfcc: coefficients of a frame.
        texture_width: statistics of a texture.
        folded: give each layer biases in place of a batch normalisation, as an exported model has.
            A few recordings are no sample of what a layer sees, so fine-tuning needs this form.
    """

    def activated(x: Any) -> Any:
        return layers.ReLU()(x if folded else layers.BatchNormalization()(x))

    frames = keras.Input((recipe.window_frames, n_mfcc), name="frames")
    texture = keras.Input((texture_width,), name="texture")
    x = frames
    for i, channels in enumerate(recipe.channels):
        span, stride = (3 if i else 5), (1 if i % 2 else 2)
        x = activated(layers.Conv1D(channels, span, stride, use_bias=folded)(x))
    parts = [layers.GlobalAveragePooling1D()(x), layers.GlobalMaxPooling1D()(x)]
    t = texture
    for units in recipe.texture:
        t = activated(layers.Dense(units, use_bias=folded)(t))
        t = layers.Dropout(recipe.dropout)(t)
    if recipe.texture:
        parts.append(t)
    x = layers.Dropout(recipe.dropout)(layers.Concatenate()(parts))
    return keras.Model([frames, texture], outputs(x), name="cnn")


def streaming(trained: keras.Model, hop_frames: int) -> keras.Model:
    """Build the same network for the end of a window, as :class:`CnnClassifier` runs it.

    Windows one hop apart share all but the newest rows of the last convolution. The model computes
    these, and takes the earlier ones as they were.

    It maps ``frames`` [shape=(1, span, n_mfcc)], ``earlier`` [shape=(1, rows, channels)] and
    ``texture`` [shape=(1, texture_width)] to the outputs of the trained network and to the rows of
    its frames, ``newest`` [shape=(1, rows, channels)].

    Args:
        trained: the network over whole windows; its layers are used.
        hop_frames: frames from one window to the next.
    """
    window, statistics = trained.inputs
    path = _over_time(trained)
    _, count, channels = path[-1].output.shape
    row_frames = _row_frames(path)
    newest = min(hop_frames // row_frames, count - 1)
    earlier = count - newest
    span = window.shape[1] - earlier * row_frames
    inputs = {
        "frames": keras.Input(batch_shape=(1, span, window.shape[2]), name="frames"),
        "earlier": keras.Input(batch_shape=(1, earlier, channels), name="earlier"),
        "texture": keras.Input(batch_shape=(1, statistics.shape[1]), name="texture"),
    }
    rows = _applied(path, inputs["frames"])
    judged = keras.Model([path[-1].output, statistics], trained.output)
    whole = ops.concatenate([inputs["earlier"], rows], axis=1)
    said = judged([whole, inputs["texture"]])
    return keras.Model(inputs, {**said, "newest": rows}, name="cnn_hop")


def convolved(trained: keras.Model, frames: Any) -> Any:
    """Return the rows of the last convolution [shape=(n, rows, channels)] of some windows."""
    return _applied(_over_time(trained), frames)


def _applied(path: list[layers.Layer], frames: Any) -> Any:
    for layer in path:
        frames = layer(frames)
    return frames


def _over_time(trained: keras.Model) -> list[layers.Layer]:
    """Return the layers from the frames to the last convolution's activation, in their order."""
    return [
        layer
        for layer in trained.layers
        if len(layer.output.shape) == 3 and not isinstance(layer, layers.InputLayer)
    ]


def _row_frames(path: list[layers.Layer]) -> int:
    """Return the frames from one row of the last convolution to the next."""
    return math.prod(layer.strides[0] for layer in path if isinstance(layer, layers.Conv1D))
