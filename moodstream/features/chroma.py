"""Chroma: the strength of each pitch class, which describes harmony, unlike the MFCC."""

from dataclasses import dataclass, field

import numpy as np

from moodstream.arrays import Float32
from moodstream.features.spectrum import POWER_FLOOR, PowerSpectra
from moodstream.schema import at_least, between

PITCH_CLASSES = 12
COMPRESSION = 1000
"""Factor of the compression log(1 + 1000 P): partials 30 dB below the loudest still count
(Mueller & Ewert 2011, "Chroma toolbox")."""


@dataclass(frozen=True)
class ChromaSpec:
    """Parameters of the chroma, as the bundle's card carries them."""

    frame_length: int = field(metadata=between(16, 1 << 16))
    """Samples under one analysis window (periodic Hann); also the length of the FFT."""
    hop_length: int = field(metadata=at_least(1))
    """Samples from one frame to the next, a multiple of the MFCC's."""
    fmin: float = field(metadata=at_least(1))
    """Lowest frequency that counts, hertz."""
    fmax: float = field(metadata=at_least(1))
    """Highest frequency that counts, hertz."""

    def problems(self) -> list[str]:
        """Return the contradictions between the fields, a sentence each."""
        if self.hop_length > self.frame_length:
            return [f"hop_length {self.hop_length} is above frame_length {self.frame_length}"]
        return []

    def problems_at(self, sample_rate: int) -> list[str]:
        """Return the contradictions with a sample rate in hertz, a sentence each."""
        bin_hz = sample_rate / self.frame_length
        if self.fmax - self.fmin >= bin_hz and self.fmax <= sample_rate / 2:
            return []
        band = f"fmin .. fmax: {self.fmin:g} .. {self.fmax:g} Hz"
        return [
            f"{band} must rise, hold a bin of {bin_hz:.3g} Hz and end by {sample_rate / 2:g} Hz"
        ]


class Chroma:
    """Incremental chroma, aligned with :class:`Mfcc`: a frame ends each hop.

    A frame [shape=(12,)] holds the share of each pitch class, from C. The shares sum to one; in
    digital silence all are zero. The level of the audio does not matter.

    Args:
        spec: the parameters.
        sample_rate: rate of the audio, hertz.
    """

    def __init__(self, spec: ChromaSpec, sample_rate: int) -> None:
        self._spectra = PowerSpectra(spec.frame_length, spec.hop_length)
        bins = np.fft.rfftfreq(spec.frame_length, 1 / sample_rate)
        heard = np.flatnonzero((bins >= spec.fmin) & (bins <= spec.fmax))
        self._pitched = slice(heard[0], heard[-1] + 1)
        self._pitch_classes = pitch_classes(bins[self._pitched])

    def reset(self) -> None:
        """Forget the audio heard so far."""
        self._spectra.reset()

    def process(self, samples: Float32) -> Float32:
        """Compute the frames that these samples complete.

        Args:
            samples: audio at the sample rate [shape=(n,), float32]

        Returns:
            pitch classes [shape=(frames, 12), float32]; no frames if too few samples came.
        """
        power = self._spectra.process(samples)
        loudest = np.maximum(power.max(axis=1, keepdims=True), np.float32(POWER_FLOOR))
        compressed = power[:, self._pitched] * (np.float32(COMPRESSION) / loudest)
        # Not log1p: numpy vectorises it only with AVX-512, and its extra precision for the smallest
        # powers is far below audibility.
        compressed += np.float32(1)
        np.log(compressed, out=compressed)
        sounding = compressed @ self._pitch_classes
        total = sounding.sum(axis=1, keepdims=True)
        chroma: Float32 = sounding / np.where(total > 0, total, np.float32(1))
        return chroma


def pitch_classes(frequencies: Float32) -> Float32:
    """Return the shares of each frequency, in hertz, in the two pitch classes nearest to it.

    Returns:
        equal temperament at A = 440 Hz, from C [shape=(frequencies, 12), float32]
    """
    semitone = 12 * np.log2(frequencies / 440) + 69  # the number of the MIDI note
    below = np.floor(semitone).astype(int)
    rows, shares = np.arange(len(frequencies)), np.zeros((len(frequencies), PITCH_CLASSES), "f")
    shares[rows, below % PITCH_CLASSES] = 1 - (semitone - below)
    shares[rows, (below + 1) % PITCH_CLASSES] = semitone - below
    return shares
