"""``naive_litert BUNDLE WAV``: librosa's MFCC of the window, and the bundle's models over it."""

import sys
from pathlib import Path

import numpy as np

from benchmarks.compared.measured.half_seconds import report
from benchmarks.compared.measured.librosa_mfcc import frames
from benchmarks.compared.measured.samples import windows
from moodstream import self_test
from moodstream.arrays import Float32
from moodstream.features.window import Window

cnn, rnn = self_test.load(Path(sys.argv[1])).classifiers()
# The statistics are left out, which favours this way.
texture = np.zeros(cnn.texture_width, np.float32)


def hear(window: Float32) -> None:
    """Classify a window."""
    seen = frames(window)
    whole = Window(cnn.window_frames, cnn.n_mfcc)
    whole.push(seen)
    cnn.reset()
    cnn.process(whole, texture)
    rnn.reset()
    rnn.process(seen)


report(hear, windows())
