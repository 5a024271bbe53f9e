"""CNN: classifies the window at the end of the stream together with the texture around it."""

from collections.abc import Iterator
from copy import copy
from typing import Self

import numpy as np

from moodstream.arrays import Float32
from moodstream.bundle import tflite
from moodstream.bundle.output import Output
from moodstream.features.window import Window
from moodstream.mood.softmax import log_softmax


class CnnClassifier:
    """Classifier of windows, which convolves each frame once.

    The last convolution gives a row of channels for each of its positions in time. Nothing is
    padded, so a row is the same in every window that holds its frames. The rows of the last window
    are kept, and a call of the model computes the newest ones.

    The model maps ``frames`` [shape=(1, span, n_mfcc)], the last of the window, the rows before
    theirs, ``earlier`` [shape=(1, rows, channels)], and ``texture`` [shape=(1, texture_width)] to
    ``logits`` [shape=(1, moods)], ``heard`` and ``place`` [shape=(1, 2)], and the rows of these
    frames, ``newest`` [shape=(1, rows, channels)].

    Args:
        model: content of the TFLite file.
        temperature: divisor of the logits, which calibrates the probabilities (Guo et al. 2017,
            "On calibration of modern neural networks").
        window_frames: frames of the window.
    """

    def __init__(self, model: bytes, temperature: float, window_frames: int) -> None:
        self._model = tflite.Model(model)
        self._temperature = np.float32(temperature)
        self.window_frames = window_frames
        _, self._span, self.n_mfcc = self._model.input_shapes["frames"]
        _, self.texture_width = self._model.input_shapes["texture"]
        _, self._earlier, channels = self._model.input_shapes["earlier"]
        _, self._newest, _ = self._model.output_shapes["newest"]
        self.row_frames, self.odd_frames = divmod(window_frames - self._span, self._earlier)
        """Frames from one row to the next, and remaining frames: none if the window fits the
        model."""
        self._rows = np.zeros((self._earlier + self._newest, channels), np.float32)
        self.reset()

    def twin(self) -> Self:
        """Return a fresh classifier with the same model."""
        twin = copy(self)
        twin._rows = np.zeros_like(self._rows)  # noqa: SLF001 - of the same class
        twin.reset()
        return twin

    def reset(self) -> None:
        """Forget the rows of the last window."""
        self._count = 0  # number of frames when the last full window was classified

    def process(self, window: Window, texture: Float32) -> Output:
        """Classify the last seconds.

        Args:
            window: normalised frames since the last reset; whole rows of them come at a time.
            texture: standardised statistics [shape=(texture_width,), float32]
        """
        frames, rows = window.view(), self._rows
        missing = self._missing(window)
        rows[: len(rows) - missing] = rows[missing:]
        for first in self._firsts(missing):
            begin = first * self.row_frames
            said = self._model.run(
                frames=frames[None, begin : begin + self._span],
                earlier=rows[None, : self._earlier],
                texture=texture[None],
            )
            rows[first : first + self._newest] = said["newest"][0]
        moods = log_softmax(said["logits"][0] / self._temperature)
        return Output(moods, said["heard"][0], said["place"][0])

    def _missing(self, window: Window) -> int:
        """Return the number of rows that were not in the last window.

        A window that is not full repeats its frames, and shares no rows with the next one.
        """
        known = self._count
        self._count = window.count if window.full else 0
        if not known:
            return len(self._rows)
        return min(len(self._rows), (window.count - known) // self.row_frames)

    def _firsts(self, missing: int) -> Iterator[int]:
        """Yield the first row of each call that computes the missing rows, the last call last."""
        calls = max(1, -(-missing // self._newest))
        for calls_after in range(calls - 1, -1, -1):
            yield max(0, self._earlier - calls_after * self._newest)
