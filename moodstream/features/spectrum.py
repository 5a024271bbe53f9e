"""Power spectra of overlapping frames, each computed once as audio arrives."""

import numpy as np

from moodstream.arrays import Float32, Numbers

POWER_FLOOR = 1e-10
"""Power that counts as nothing: -100 dB, the ``amin`` of librosa's ``power_to_db``."""


class PowerSpectra:
    """Incremental: each frame is computed once, whatever the blocks it arrives in.

    The stream begins with ``frame_length - hop_length`` zeros before its first sample, so that
    frame ``k`` ends with sample ``(k + 1) * hop_length`` and ``n`` hops of samples make exactly
    ``n`` frames.

    Args:
        frame_length: samples under one window, and the length of the FFT.
        hop_length: samples from one frame to the next.
    """

    def __init__(self, frame_length: int, hop_length: int) -> None:
        self._frame_length, self._hop_length = frame_length, hop_length
        self._window = hann(frame_length)
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
        # Overlapping views into the signal: numpy's own way to make them costs a tenth of it all.
        step = signal.itemsize
        strides = (self._hop_length * step, step)
        frames = np.ndarray((count, self._frame_length), signal.dtype, signal, 0, strides)
        spectrum = np.fft.rfft(frames * self._window)
        power = spectrum.real**2
        power += spectrum.imag**2
        return power.astype(np.float32)


def hann(length: int) -> Numbers:
    """Periodic Hann window [shape=(length,)], as for spectral analysis (Harris 1978).

    In double precision, and with it the FFT: in single precision the rounding of loud bins hides
    what is 60 dB below them.
    """
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length))
