"""Texture: statistics of the frames over a longer window than the CNN's.

The character of music shows only over several seconds (Tzanetakis & Cook 2002, "Musical genre
classification of audio signals").
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from moodstream.arrays import Float32, Numbers
from moodstream.features.change import Changes
from moodstream.features.chroma import PITCH_CLASSES, ChromaSpec
from moodstream.features.mfcc import FeatureSpec
from moodstream.features.recent import Recent
from moodstream.schema import at_least, between

INTERVALS = PITCH_CLASSES // 2
"""Number of bins of a chroma's Fourier transform that describe its intervals: all but the first.
Their magnitudes stay the same when the music is transposed (Bernardes et al. 2016, "A multi-level
tonal interval space")."""
_ANGLES = (
    2 * np.pi / PITCH_CLASSES * np.outer(np.arange(PITCH_CLASSES), np.arange(1, 1 + INTERVALS))
)
_TURNS = np.concatenate((np.cos(_ANGLES), np.sin(_ANGLES)), axis=1)


@dataclass(frozen=True)
class TextureSpec:
    """Parameters of the statistics, as the bundle's card carries them."""

    length: int = field(metadata=between(2, 1 << 16))
    """Number of MFCC frames that the statistics cover."""
    lags: tuple[int, ...] = field(metadata=at_least(1))
    """Distances over which change is measured, in MFCC frames."""
    mean: tuple[float, ...] = field(metadata=between(-1e6, 1e6))
    """Mean of each statistic over the training data."""
    std: tuple[float, ...] = field(metadata=between(1e-6, 1e6))
    """Deviation of each statistic over the training data."""

    def problems(self) -> list[str]:
        """Return the contradictions between the fields, a sentence each."""
        found = []
        if len(self.mean) != len(self.std):
            found.append(f"mean has {len(self.mean)} values, std has {len(self.std)}")
        if max(self.lags, default=0) >= self.length:
            found.append(f"a lag of {max(self.lags)} does not fit in length {self.length}")
        return found


class Texture:
    """Standardised statistics of the last seconds of the stream since its last reset.

    Args:
        spec: the parameters.
        features: parameters of the MFCC frames.
        chroma: parameters of the chroma frames.
    """

    def __init__(self, spec: TextureSpec, features: FeatureSpec, chroma: ChromaSpec) -> None:
        self._mean = np.array(spec.mean, np.float32)
        self._scale = np.float32(1) / np.array(spec.std, np.float32)
        step_frames = chroma.hop_length // features.hop_length
        self._statistics = Statistics(
            spec.length // step_frames, step_frames, features.n_mfcc, spec.lags
        )

    def reset(self) -> None:
        """Forget what was heard."""
        self._statistics.reset()

    def push(self, frames: Float32, chroma: Float32) -> None:
        """Add the frames of the next audio.

        Args:
            frames: normalised MFCC [shape=(n, n_mfcc)]
            chroma: chroma of the same audio [shape=(m, 12)]
        """
        self._statistics.push(frames, chroma)

    def view(self) -> Float32:
        """Return the standardised statistics [shape=(width,), float32].

        Raises:
            ValueError: nothing has been pushed.
        """
        standardised: Float32 = (self._statistics.view() - self._mean) * self._scale
        return standardised


def width(n_mfcc: int, lags: Sequence[int]) -> int:
    """Return the number of :class:`Statistics`."""
    return (2 + len(lags)) * n_mfcc + 3 * INTERVALS + 2


class Statistics:
    """Statistics of the last steps of a stream, not standardised.

    They are, in this order:

    - the mean and the deviation of each coefficient,
    - for each lag, the root mean square of the change of each coefficient, see :class:`Changes`,
    - the mean and the deviation of the magnitude of each interval, over the chromas,
    - the magnitude of each interval of the mean chroma,
    - the mean and the deviation of the flux from chroma to chroma.

    A step is a chroma frame with the MFCC frames of the same audio. Each step is computed once;
    :meth:`view` only adds up the steps.

    Args:
        length: number of steps that the statistics cover.
        step_frames: MFCC frames of a step.
        n_mfcc: coefficients of a frame.
        lags: distances over which change is measured, in frames.
    """

    def __init__(self, length: int, step_frames: int, n_mfcc: int, lags: Sequence[int]) -> None:
        self._step_frames, self._n_mfcc = step_frames, n_mfcc
        self._mean_of_step = np.full(step_frames, 1 / step_frames)
        self._changes = Changes(length, step_frames, n_mfcc, lags)
        # Means and mean squares of the coefficients, intervals and flux of each step.
        self._moments = Recent(length, (2, n_mfcc + INTERVALS + 1), np.float64)
        # The chroma of each step, after that of the step before the window.
        self._chromas = Recent(length + 1, (PITCH_CLASSES,), np.float64)
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._changes.reset()
        self._moments.reset()
        self._chromas.reset()
        self._chromas.push(np.zeros((1, PITCH_CLASSES)))

    def push(self, frames: Float32, chroma: Float32) -> None:
        """Add the next steps.

        Args:
            frames: MFCC, normalised or not [shape=(n * step_frames, n_mfcc)], n >= 1
            chroma: chroma of the same audio [shape=(n, 12)]
        """
        self._changes.push(frames)
        # Double precision, because a deviation is a small difference of large squares.
        wide = frames.astype(np.float64).reshape(-1, self._step_frames, self._n_mfcc)
        chromas: Numbers = np.concatenate((self._chromas.view()[-1:], chroma))
        self._chromas.push(chroma)
        moments = np.empty((len(chroma), 2, self._n_mfcc + INTERVALS + 1))
        np.matmul(self._mean_of_step, wide, out=moments[:, 0, : self._n_mfcc])
        np.square(wide, out=wide)
        np.matmul(self._mean_of_step, wide, out=moments[:, 1, : self._n_mfcc])
        harmony = moments[:, 0, self._n_mfcc :]
        harmony[:, :-1] = _intervals(chromas[1:])
        np.add.reduce(np.abs(chromas[1:] - chromas[:-1]), axis=1, out=harmony[:, -1])
        np.square(harmony, out=moments[:, 1, self._n_mfcc :])
        self._moments.push(moments)

    def view(self) -> Float32:
        """Return the statistics [shape=(width,), float32].

        Raises:
            ValueError: nothing has been pushed.
        """
        count = len(self._moments)
        if not count:
            raise ValueError("there is no frame to describe")
        each = self._moments.view()
        moments = np.add.reduce(each, axis=0)
        # The flux to the first chroma comes from a chroma outside the window.
        moments[:, -1] = (moments[:, -1] - each[0, :, -1]) * (count / max(1, count - 1))
        moments /= count
        mean, square = moments
        deviation = square - mean * mean
        np.sqrt(np.maximum(deviation, 0, out=deviation), out=deviation)
        n_mfcc = self._n_mfcc
        return np.concatenate(
            (
                *(mean[:n_mfcc], deviation[:n_mfcc]),
                *self._changes.view(),
                *(mean[n_mfcc:-1], deviation[n_mfcc:-1]),
                _intervals(np.add.reduce(self._chromas.view()[-count:], axis=0) / count),
                *(mean[-1:], deviation[-1:]),
            ),
            dtype=np.float32,
        )


def _intervals(chroma: Numbers) -> Numbers:
    """Return the magnitudes [shape=(..., 6)] of the intervals of chromas [shape=(..., 12)]."""
    transformed = chroma @ _TURNS
    magnitudes: Numbers = np.hypot(transformed[..., :INTERVALS], transformed[..., INTERVALS:])
    return magnitudes
