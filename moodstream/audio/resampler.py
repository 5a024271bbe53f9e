"""A streaming resampler to the sample rate of the features."""

import numpy as np
import soxr

from moodstream.arrays import Float32

HEADROOM = 10.0
"""Largest magnitude of a sample, 20 dB above full scale: only broken files go beyond."""


class Resampler:
    """Streaming soxr: each sample is resampled once, and block sizes do not change the result.

    Args:
        to_rate: sample rate of the features, hertz.
    """

    def __init__(self, to_rate: int) -> None:
        self._to_rate = to_rate
        self.from_rate = to_rate
        """Sample rate of the source, hertz."""
        self.unreadable_n = 0
        """Samples that were not finite numbers and became zeros."""
        self.reset(to_rate)

    def reset(self, from_rate: int) -> None:
        """Begin a stream at this rate; drop samples that were held back."""
        self.from_rate = from_rate
        self._stream = (
            None
            if from_rate == self._to_rate
            else soxr.ResampleStream(from_rate, self._to_rate, 1, dtype="float32")
        )

    def process(self, samples: Float32) -> Float32:
        """Resample a block.

        Args:
            samples: mono, at the source's rate [shape=(n,), float32]

        Returns:
            samples at the target rate [shape=(m,), float32]; some are held back until more comes.
        """
        # A comparison with NaN is false.
        if len(samples) and not (samples.max() <= HEADROOM and samples.min() >= -HEADROOM):
            samples = self._mended(samples)
        if self._stream is None:
            return samples
        resampled: Float32 = self._stream.resample_chunk(samples)
        return resampled

    def _mended(self, samples: Float32) -> Float32:
        finite = np.isfinite(samples)
        self.unreadable_n += int(len(samples) - finite.sum())
        return np.clip(np.where(finite, samples, np.float32(0)), -HEADROOM, HEADROOM)

    def finish(self) -> Float32:
        """Return the samples held back, as the stream has ended [shape=(m,), float32]."""
        nothing = np.zeros(0, np.float32)
        if self._stream is None:
            return nothing
        rest: Float32 = self._stream.resample_chunk(nothing, last=True)
        return rest
