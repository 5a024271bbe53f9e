"""Mel-frequency cepstral coefficients, computed once for each frame as audio arrives.

The numbers equal those of ``librosa.feature.mfcc`` with ``center=False`` and
``power_to_db(ref=1, amin=1e-10, top_db=None)``. No step needs the whole signal, only the last
``frame_length - hop_length`` samples.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from moodstream.arrays import Float32, Numbers
from moodstream.features.spectrum import POWER_FLOOR, PowerSpectra
from moodstream.schema import at_least, between


@dataclass(frozen=True)
class FeatureSpec:
    """Parameters of the MFCC, as the bundle's card carries them."""

    sample_rate: int = field(metadata=between(1000, 192_000))
    """Sample rate, hertz."""
    frame_length: int = field(metadata=between(16, 1 << 16))
    """Samples under one analysis window (periodic Hann); also the length of the FFT."""
    hop_length: int = field(metadata=at_least(1))
    """Samples from one frame to the next."""
    n_mels: int = field(metadata=between(1, 1024))
    """Number of bands of the mel filter bank."""
    n_mfcc: int = field(metadata=at_least(1))
    """Number of coefficients of the cosine transform that are kept, the first one included."""
    fmin: float = field(metadata=at_least(0))
    """Lower edge of the filter bank, hertz."""
    fmax: float = field(metadata=at_least(1))
    """Upper edge of the filter bank, hertz."""

    def problems(self) -> list[str]:
        """Return the contradictions between the fields, a sentence each."""
        found = []
        if self.hop_length > self.frame_length:
            found.append(f"hop_length {self.hop_length} is above frame_length {self.frame_length}")
        if self.n_mfcc > self.n_mels:
            found.append(f"n_mfcc {self.n_mfcc} is above n_mels {self.n_mels}")
        if not self.fmin < self.fmax <= self.sample_rate / 2:
            found.append(
                f"fmin {self.fmin:g} and fmax {self.fmax:g} must rise within "
                f"0 .. {self.sample_rate / 2:g} Hz"
            )
        return found


class Mfcc:
    """Incremental MFCC of a stream; its frames are those of :class:`PowerSpectra`."""

    def __init__(self, spec: FeatureSpec) -> None:
        self._spectra = PowerSpectra(spec.frame_length, spec.hop_length)
        self._mel = mel_filter_bank(spec).T.copy()
        # Decibels, from natural logarithms: numpy computes these faster.
        self._dct = dct_matrix(spec.n_mfcc, spec.n_mels).T * np.float32(10 / math.log(10))

    def reset(self) -> None:
        """Forget the audio heard so far."""
        self._spectra.reset()

    def process(self, samples: Float32) -> Float32:
        """Compute the frames that these samples complete.

        Args:
            samples: audio at the spec's rate [shape=(n,), float32]

        Returns:
            coefficients [shape=(frames, n_mfcc), float32]; no frames if too few samples came.
        """
        mel = self._spectra.process(samples) @ self._mel
        np.maximum(mel, np.float32(POWER_FLOOR), out=mel)
        np.log(mel, out=mel)
        coefficients: Float32 = mel @ self._dct
        return coefficients


def hz_to_mel(frequency: Numbers | float) -> Numbers:
    """Convert hertz to mel on Slaney's scale: linear below 1 kHz, logarithmic above.

    Source: M. Slaney, Auditory Toolbox, Interval Research Technical Report 1998-010.
    """
    frequency = np.asarray(frequency, np.float64)
    linear = frequency / (200 / 3)
    logarithmic = 15 + 27 * np.log(np.maximum(frequency, 1e-9) / 1000) / np.log(6.4)
    return np.where(frequency < 1000, linear, logarithmic)


def mel_to_hz(mel: Numbers) -> Numbers:
    """Convert mel to hertz, the inverse of :func:`hz_to_mel`."""
    mel = np.asarray(mel, np.float64)
    return np.where(mel < 15, mel * (200 / 3), 1000 * np.exp((mel - 15) * np.log(6.4) / 27))


def mel_filter_bank(spec: FeatureSpec) -> Float32:
    """Return triangular filters of equal area over the bins of an FFT [shape=(n_mels, bins)]."""
    bins = np.fft.rfftfreq(spec.frame_length, 1 / spec.sample_rate)
    low, high = hz_to_mel(spec.fmin), hz_to_mel(spec.fmax)
    edges = mel_to_hz(np.linspace(low, high, spec.n_mels + 2))
    left, centre, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising = (bins - left) / (centre - left)
    falling = (right - bins) / (right - centre)
    triangles = np.maximum(0, np.minimum(rising, falling))
    bank: Float32 = (triangles * 2 / (right - left)).astype(np.float32)
    return bank


def dct_matrix(n_mfcc: int, n_mels: int) -> Float32:
    """Return the first rows of the orthonormal DCT-II [shape=(n_mfcc, n_mels)]."""
    k, n = np.arange(n_mfcc)[:, None], np.arange(n_mels)[None, :]
    rows = np.sqrt(2 / n_mels) * np.cos(np.pi * k * (2 * n + 1) / (2 * n_mels))
    rows[0] /= np.sqrt(2)
    matrix: Float32 = rows.astype(np.float32)
    return matrix
