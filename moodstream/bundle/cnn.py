"""CNN: classifies one window of frames together with the texture around it."""

import numpy as np

from moodstream.arrays import Float32
from moodstream.bundle import tflite
from moodstream.mood.softmax import log_softmax


class CnnClassifier:
    """Classifier of windows; it has no memory.

    The model maps ``frames`` [shape=(1, window_frames, n_mfcc)] and ``texture``
    [shape=(1, texture_width)] to ``logits`` [shape=(1, moods)].

    Args:
        model: content of the TFLite file.
        temperature: divisor of the logits, which calibrates the probabilities (Guo et al. 2017,
            "On calibration of modern neural networks").
    """

    def __init__(self, model: bytes, temperature: float) -> None:
        self._model = tflite.Model(model)
        self._temperature = np.float32(temperature)
        _, self.window_frames, self.n_mfcc = self._model.input_shapes["frames"]
        _, self.texture_width = self._model.input_shapes["texture"]

    def process(self, window: Float32, texture: Float32) -> Float32:
        """Classify the last seconds.

        Args:
            window: normalised frames [shape=(window_frames, n_mfcc), float32]
            texture: standardised statistics [shape=(texture_width,), float32]

        Returns:
            log probabilities of the moods [shape=(moods,), float32]
        """
        logits = self._model.run(frames=window[None], texture=texture[None])["logits"][0]
        return log_softmax(logits / self._temperature)
