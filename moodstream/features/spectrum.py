"""Power spectra of overlapping frames, each computed once as audio arrives."""

import numpy as np

from moodstream.arrays import Float32, Numbers

POWER_FLOOR = 1e-10
"""Smallest power that counts: -100 dB, the ``amin`` of librosa's ``power_to_db``."""


class PowerSpectra:
    """Power spectra of a stream; block sizes do not change them.

    The stream begins with ``frame_length - hop_length`` zeros before its first sample. Frame ``k``
    ends with sample ``(k + 1) * hop_length``, and ``n`` hops of samples make exactly ``n`` frames.

    Args:
        frame_length: samples under one window, and the length of the FFT.
        hop_length: samples from one frame to the next.
    """

    def __init__(self, frame_length: int, hop_length: int) -> None:
        self._frame_length, self._hop_length = frame_length, hop_length
        self._window = hann(frame_length)
        self._allocate(0)
        self.reset()

    def reset(self) -> None:
        """Forget the audio heard so far."""
        self._tail: Numbers = np.zeros(self._frame_length - self._hop_length)

    def process(self, samples: Float32) -> Float32:
        """Compute the frames that these samples complete.

        Args:
            samples: audio [shape=(n,), float32]

        Returns:
            power of each bin [shape=(frames, frame_length // 2 + 1), float32]; no frames if too
            few samples came.
        """
        signal = np.concatenate((self._tail, samples))
        count = max(0, 1 + (len(signal) - self._frame_length) // self._hop_length)
        self._tail = signal[count * self._hop_length :]
        if count == 0:
            return np.empty((0, self._frame_length // 2 + 1), np.float32)
        if count != len(self._spectrum):
            self._allocate(count)
        # Overlapping views into the signal. Numpy's own function for them would take a tenth of the
        # time of this whole method.
        step = signal.itemsize
        strides = (self._hop_length * step, step)
        frames = np.ndarray((count, self._frame_length), signal.dtype, signal, 0, strides)
        np.multiply(frames, self._window, out=self._windowed)
        np.fft.rfft(self._windowed, out=self._spectrum)
        # Single precision is enough from here on, because every bin is rounded independently.
        np.copyto(self._squares, self._parts, casting="same_kind")
        np.square(self._squares, out=self._squares)
        power: Float32 = self._squares[..., 0] + self._squares[..., 1]
        return power

    def _allocate(self, count: int) -> None:
        """Make the buffers for this number of frames, once for hops of one size."""
        bins = self._frame_length // 2 + 1
        self._windowed = np.empty((count, self._frame_length))
        self._spectrum = np.empty((count, bins), np.complex128)
        self._parts = self._spectrum.view(np.float64).reshape(count, bins, 2)
        self._squares = np.empty((count, bins, 2), np.float32)


def hann(length: int) -> Numbers:
    """Return the periodic Hann window [shape=(length,), float64] (Harris 1978).

    The window is in double precision, and so is the FFT. In single precision, the rounding errors
    of loud bins hide everything 60 dB below them.
    """
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length))
