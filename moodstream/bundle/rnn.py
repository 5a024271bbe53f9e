"""The RNN: follows the frames with a state of bounded memory."""

import numpy as np

from moodstream.arrays import Float32
from moodstream.bundle import tflite
from moodstream.mood.softmax import log_softmax


class RnnClassifier:
    """Carries its state from step to step; each frame enters it once.

    The model is a single step: ``frames`` [shape=(2, step_frames, n_mfcc)] and ``state``
    [shape=(2, units)] to ``logits`` [shape=(2, moods)] and ``state_out`` [shape=(2, units)].

    Its memory is bounded by ``memory_steps``. Two states run side by side, started half a memory
    apart. The elder speaks; when it is ``memory_steps`` old, the younger takes its place and a
    new one starts. So what is said rests on at most ``memory_steps`` steps, and on at least half
    as many once the stream is that old; training cuts its sequences to the same lengths.

    Args:
        model: the TFLite file's content.
        temperature: divides the logits, see :class:`moodstream.bundle.cnn.CnnClassifier`.
        memory_steps: an even number of steps.
    """

    def __init__(self, model: bytes, temperature: float, memory_steps: int) -> None:
        self._model = tflite.Model(model)
        self._temperature = np.float32(temperature)
        self._memory_steps = memory_steps
        _, self.step_frames, self.n_mfcc = self._model.input_shapes["frames"]
        self.reset()

    def reset(self) -> None:
        """Forget everything heard."""
        self._states = np.zeros(self._model.input_shapes["state"], np.float32)
        self._elder_age = 0

    def process(self, frames: Float32) -> Float32:
        """Step through normalised frames [shape=(k * step_frames, n_mfcc), float32].

        Returns:
            log probabilities of the moods, averaged over the k steps [shape=(moods,), float32]
        """
        steps = frames.reshape(-1, 1, self.step_frames, self.n_mfcc).repeat(2, axis=1)
        logits = np.empty((len(steps), self._model.output_shapes["logits"][1]), np.float32)
        for i, step in enumerate(steps):
            self._renew()
            result = self._model.run(frames=step, state=self._states)
            self._states = result["state_out"]
            logits[i] = result["logits"][0]
            self._elder_age += 1
        # What each step's log probabilities take to sum to one, that of their mean makes up for.
        return log_softmax(logits.mean(axis=0) / self._temperature)

    def _renew(self) -> None:
        """Retire the elder at the end of its memory; start the younger half a memory later."""
        half = self._memory_steps // 2
        if self._elder_age == self._memory_steps:
            self._states[0] = self._states[1]
            self._elder_age = half
        if self._elder_age == half:
            self._states[1] = 0
