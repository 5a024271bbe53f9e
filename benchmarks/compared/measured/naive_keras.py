"""``naive_keras BUNDLE WAV``: librosa's MFCC of the window, and Keras' predict of both models."""

from dataclasses import replace

import numpy as np

from benchmarks.compared.measured.half_seconds import report
from benchmarks.compared.measured.librosa_mfcc import frames
from benchmarks.compared.measured.samples import card, windows
from moodstream.arrays import Float32
from moodstream_train.networks import cnn, rnn
from moodstream_train.recipes import RECIPES

recipe = RECIPES["shipped"]
window_frames, n_mfcc = card["cnn"]["window_frames"], card["features"]["n_mfcc"]
_, texture_width = card["cnn"]["inputs"]["texture"]
convolutional = cnn.build(replace(recipe.cnn, window_frames=window_frames), n_mfcc, texture_width)
recurrent = rnn.build(recipe.rnn, recipe.features)
# The statistics are left out, which favours this way.
texture = np.zeros((1, texture_width), np.float32)


def hear(window: Float32) -> None:
    """Classify a window."""
    seen = frames(window)
    steps = seen.reshape(1, -1, recipe.rnn.step_frames * n_mfcc)
    convolutional.predict([seen[None], texture], verbose=0)
    recurrent.predict(steps, verbose=0)


report(hear, windows())
