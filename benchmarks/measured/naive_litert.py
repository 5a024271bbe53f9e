"""``naive_litert BUNDLE WAV``: librosa's MFCC of the window, and the bundle's models over it."""

import sys
from pathlib import Path

import numpy as np

from benchmarks.measured.half_seconds import report
from benchmarks.measured.librosa_mfcc import frames
from benchmarks.measured.samples import windows
from moodstream import self_test
from moodstream.arrays import Float32

cnn, rnn = self_test.load(Path(sys.argv[1])).classifiers()
# What librosa would take for the statistics is left out, in favour of this way.
texture = np.zeros(cnn.texture_width, np.float32)


def hear(window: Float32) -> None:
    """Name the mood of a window."""
    seen = frames(window)
    cnn.process(seen, texture)
    rnn.reset()
    rnn.process(seen)


report(hear, windows())
