"""``naive_keras BUNDLE WAV``: librosa's MFCC of the window, and Keras' predict of both models."""

from dataclasses import replace

from benchmarks.measured.half_seconds import card, report, windows
from benchmarks.measured.librosa_mfcc import frames
from moodstream.arrays import Float32
from moodstream_train import cnn, rnn
from moodstream_train.recipe import RECIPE

_, window_frames, n_mfcc = card["cnn"]["inputs"]["frames"]
convolutional = cnn.build(replace(RECIPE.cnn, window_frames=window_frames), n_mfcc)
recurrent = rnn.build(RECIPE.rnn, n_mfcc)


def hear(window: Float32) -> None:
    """Name the mood of a window."""
    seen = frames(window)
    steps = seen.reshape(1, -1, RECIPE.rnn.step_frames * n_mfcc)
    convolutional.predict(seen[None], verbose=0)
    recurrent.predict(steps, verbose=0)


report(hear, windows())
