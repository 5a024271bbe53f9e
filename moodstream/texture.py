"""The texture window: statistics over the last seconds of what the frames are like.

What music is like shows over more time than one window of frames spans (Tzanetakis & Cook 2002,
"Musical genre classification of audio signals").
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from moodstream.arrays import Float32
from moodstream.chroma import PITCH_CLASSES, ChromaSpec
from moodstream.mfcc import FeatureSpec
from moodstream.schema import at_least
from moodstream.windows import Window

INTERVALS = slice(1, 1 + PITCH_CLASSES // 2)
"""Bins of the Fourier transform of a chroma that tell its intervals. Their magnitudes stay when
the music is transposed (Bernardes et al. 2016, "A multi-level tonal interval space")."""


@dataclass(frozen=True)
class TextureSpec:
    """The parameters of the statistics, as the bundle's card carries them."""

    length: int = field(metadata=at_least(2))
    """MFCC frames that the statistics reach back."""
    lags: tuple[int, ...] = field(metadata=at_least(1))
    """MFCC frames over which change is measured."""
    mean: tuple[float, ...]
    """Of each statistic over the training data."""
    std: tuple[float, ...] = field(metadata=at_least(1e-6))
    """Deviation of each statistic over the training data."""

    def problems(self) -> list[str]:
        """What contradicts itself, a sentence each."""
        found = []
        if len(self.mean) != len(self.std):
            found.append(f"mean has {len(self.mean)} values, std has {len(self.std)}")
        if max(self.lags, default=0) >= self.length:
            found.append(f"a lag of {max(self.lags)} does not fit in length {self.length}")
        return found


class Texture:
    """Statistics of the stream since the last reset, as far back as the texture window reaches.

    Args:
        spec: the parameters.
        features: of the MFCC frames.
        chroma: of the chroma frames.
    """

    def __init__(self, spec: TextureSpec, features: FeatureSpec, chroma: ChromaSpec) -> None:
        self._lags = spec.lags
        self._mean = np.array(spec.mean, np.float32)
        self._scale = np.float32(1) / np.array(spec.std, np.float32)
        self._frames = Window(spec.length, features.n_mfcc)
        chroma_length = spec.length * features.hop_length // chroma.hop_length
        self._chroma = Window(chroma_length, PITCH_CLASSES)

    def reset(self) -> None:
        """Forget what was heard."""
        self._frames.reset()
        self._chroma.reset()

    def push(self, frames: Float32, chroma: Float32) -> None:
        """Take what the next audio gave.

        Args:
            frames: normalised MFCC [shape=(n, n_mfcc)]
            chroma: of the same audio [shape=(m, 12)]
        """
        self._frames.push(frames)
        self._chroma.push(chroma)

    def view(self) -> Float32:
        """The statistics, standardised [shape=(width,), float32].

        Raises:
            ValueError: nothing has been pushed.
        """
        raw = describe(self._frames.heard(), self._chroma.heard(), self._lags)
        standardised: Float32 = (raw - self._mean) * self._scale
        return standardised


def width(n_mfcc: int, lags: Sequence[int]) -> int:
    """How many statistics :func:`describe` gives."""
    return (2 + len(lags)) * n_mfcc + 3 * PITCH_CLASSES // 2 + 2


def describe(frames: Float32, chroma: Float32, lags: Sequence[int]) -> Float32:
    """The statistics of some audio, not standardised.

    In this order: mean and deviation of each coefficient; for each lag, the root mean square of
    what each coefficient changes by (zero where the frames span no lag); of the magnitudes of the
    intervals of each chroma, mean and deviation; the same magnitudes of the mean chroma; of the
    flux from chroma to chroma, mean and deviation.

    Args:
        frames: MFCC, normalised as the caller will [shape=(n, n_mfcc), float32], n >= 1
        chroma: of the same audio [shape=(m, 12), float32], m >= 1
        lags: in frames.

    Returns:
        [shape=(width,), float32]

    Raises:
        ValueError: there is no frame.
    """
    if not len(frames) or not len(chroma):
        raise ValueError("there is no frame to describe")
    # One transform for all chromas and, as the last, their mean.
    chromas = np.concatenate((chroma, chroma.mean(axis=0, keepdims=True)))
    intervals = np.abs(np.fft.rfft(chromas)[:, INTERVALS])
    flux = np.abs(np.diff(chroma, axis=0)).sum(axis=1, keepdims=True)
    return np.concatenate(
        (
            *_moments(frames),
            *(_change(frames, lag) for lag in lags),
            *_moments(intervals[:-1]),
            intervals[-1],
            *_moments(flux if len(flux) else np.zeros((1, 1), np.float32)),
        )
    )


def _moments(values: Float32) -> tuple[Float32, Float32]:
    """Mean and deviation along the first axis; numpy's ``std`` alone takes twice as long."""
    mean = values.mean(axis=0)
    return mean, _root_mean_square(values - mean)


def _change(frames: Float32, lag: int) -> Float32:
    if len(frames) <= lag:
        return np.zeros(frames.shape[1], np.float32)
    return _root_mean_square(frames[lag:] - frames[:-lag])


def _root_mean_square(values: Float32) -> Float32:
    """Along the first axis."""
    root: Float32 = np.sqrt(np.einsum("ij,ij->j", values, values) / np.float32(len(values)))
    return root
