"""``naive_litert BUNDLE WAV``: librosa's MFCC of the window, and the bundle's models over it."""

import sys
from pathlib import Path

from benchmarks.measured.half_seconds import report, windows
from benchmarks.measured.librosa_mfcc import frames
from moodstream import bundle
from moodstream.arrays import Float32

cnn, rnn = bundle.load(Path(sys.argv[1])).classifiers()


def hear(window: Float32) -> None:
    """Name the mood of a window."""
    seen = frames(window)
    cnn.process(seen)
    rnn.reset()
    rnn.process(seen)


report(hear, windows())
