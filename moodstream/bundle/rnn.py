"""The RNN: a classifier with a state of bounded memory."""

from copy import copy
from typing import Self

import numpy as np

from moodstream.arrays import Float32
from moodstream.bundle import tflite
from moodstream.bundle.output import Output
from moodstream.mood.circumplex import MOODS
from moodstream.mood.softmax import log_softmax

SEVERAL = "several"
"""Signature that computes several steps in one call; optional in a model."""


class RnnClassifier:
    """Classifier that carries its state from step to step; each frame enters it once.

    A step of the model maps ``frames`` [shape=(2, step_frames, n_mfcc)] and ``state``
    [shape=(2, units)] to ``logits`` [shape=(2, moods)], ``heard`` and ``place`` [shape=(2, 2)], and
    ``state_out`` [shape=(2, units)].
    Its signature ``several``, where there is one, takes ``frames`` of several steps
    [shape=(steps, 2, step_frames, n_mfcc)] and gives the outputs of each step.

    The memory is bounded by ``memory_steps``. Two states run in parallel, started half a memory
    length apart. The older one gives the answer. When it is ``memory_steps`` old, the younger one
    replaces it and a new one starts. So an answer rests on at most ``memory_steps`` steps, and on
    at least half as many once the stream is that old. Training cuts its sequences to the same
    lengths.

    Args:
        model: content of the TFLite file.
        temperature: divisor of the logits, see :class:`moodstream.bundle.cnn.CnnClassifier`.
        memory_steps: steps after which a state is replaced; an even number.
    """

    def __init__(self, model: bytes, temperature: float, memory_steps: int) -> None:
        self._single = tflite.Model(model)
        has_several = SEVERAL in self._single.signatures
        self._several = tflite.Model(model, SEVERAL) if has_several else None
        self._several_steps = self._several.input_shapes["frames"][0] if self._several else 0
        self._temperature = np.float32(temperature)
        self._memory_steps = memory_steps
        _, self.step_frames, self.n_mfcc = self._single.input_shapes["frames"]
        self.reset()

    def twin(self) -> Self:
        """Return a fresh classifier with the same models."""
        twin = copy(self)
        twin.reset()
        return twin

    def reset(self) -> None:
        """Forget everything heard."""
        self._states = np.zeros(self._single.input_shapes["state"], np.float32)
        self._elder_age = 0

    def process(self, frames: Float32) -> Output:
        """Process normalised frames [shape=(k * step_frames, n_mfcc), float32].

        Returns:
            the mean over the k steps.
        """
        steps = frames.reshape(-1, 1, self.step_frames, self.n_mfcc).repeat(2, axis=1)
        said = np.empty((len(steps), len(MOODS) + 4), np.float32)
        begin = 0
        while begin < len(steps):
            self._renew()
            if self._several and self._several_steps <= min(len(steps) - begin, self._undisturbed):
                end = begin + self._several_steps
                result = self._several.run(frames=steps[begin:end], state=self._states)
            else:
                end = begin + 1
                result = self._single.run(frames=steps[begin], state=self._states)
            self._states = result["state_out"]
            said[begin:end, :-4] = result["logits"][..., 0, :]
            said[begin:end, -4:-2] = result["heard"][..., 0, :]
            said[begin:end, -2:] = result["place"][..., 0, :]
            self._elder_age += end - begin
            begin = end
        # The mean of log probabilities differs from that of the logits only by a constant, which
        # the softmax removes.
        mean = said.mean(axis=0)
        return Output(log_softmax(mean[:-4] / self._temperature), mean[-4:-2], mean[-2:])

    @property
    def _undisturbed(self) -> int:
        """Steps until the states are renewed."""
        half = self._memory_steps // 2
        return half - self._elder_age % half

    def _renew(self) -> None:
        """Replace the older state at the end of its memory, and start a new one."""
        half = self._memory_steps // 2
        if self._elder_age == self._memory_steps:
            self._states[0] = self._states[1]
            self._elder_age = half
        if self._elder_age == half:
            self._states[1] = 0
