"""The two networks and their inputs."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import layers

from moodstream.arrays import Float32
from moodstream.mood.circumplex import MOODS

N_MFCC = 40
SONG_MOODS = MOODS[:6]
"""RAVDESS has no songs of disgust or surprise."""


def build_cnn() -> keras.Model:
    """Build the CNN, from time means [shape=(batch, 40, 1)] to probabilities [shape=(batch, 6)].

    It convolves along the coefficients, not in time.
    """
    model = keras.Sequential(
        [
            keras.Input((N_MFCC, 1)),
            layers.Conv1D(128, 5, padding="same", activation="relu"),
            layers.Dropout(0.1),
            layers.MaxPooling1D(8),
            layers.Conv1D(128, 5, padding="same", activation="relu"),
            layers.Dropout(0.1),
            layers.Flatten(),
            layers.Dense(len(SONG_MOODS), activation="softmax"),
        ],
        name="cnn",
    )
    return _compiled(model, keras.optimizers.RMSprop(5e-5))


def build_rnn() -> keras.Model:
    """Build the RNN, from [shape=(batch, frames, 40)] to probabilities [shape=(batch, 6)]."""
    model = keras.Sequential(
        [
            keras.Input((None, N_MFCC)),
            layers.Masking(),  # padding is skipped
            layers.LSTM(64, return_sequences=True),
            layers.LSTM(64),
            layers.Dense(64, activation="relu"),
            layers.Dropout(0.3),
            layers.Dense(len(SONG_MOODS), activation="softmax"),
        ],
        name="rnn",
    )
    return _compiled(model, keras.optimizers.Adam(1e-3))


def time_means(sequences: Sequence[Float32]) -> Float32:
    """Return the CNN's inputs [shape=(clips, 40, 1)] from sequences [shape=(frames, 40)]."""
    return np.stack([frames.mean(axis=0) for frames in sequences])[..., None]


def padded(sequences: Sequence[Float32]) -> Float32:
    """Return the RNN's inputs [shape=(clips, longest, 40)]: each sequence, then zeros."""
    batch = np.zeros((len(sequences), max(map(len, sequences)), N_MFCC), np.float32)
    for row, frames in zip(batch, sequences, strict=True):
        row[: len(frames)] = frames
    return batch


def _compiled(model: keras.Model, optimizer: keras.optimizers.Optimizer) -> keras.Model:
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
