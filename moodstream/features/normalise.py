"""Features normalised to the room: a slow running mean and deviation, from the bundle's prior."""

from dataclasses import dataclass, field

import numpy as np

from moodstream.arrays import Float32, Numbers
from moodstream.schema import at_least, between


@dataclass(frozen=True)
class NormalisationSpec:
    """Prior of the bundle: statistics of all rooms of the training data."""

    mean: tuple[float, ...] = field(metadata=between(-1e4, 1e4))
    """Mean of each coefficient over the audible frames."""
    std: tuple[float, ...] = field(metadata=between(1e-6, 1e4))
    """Deviation of each coefficient over the same frames."""
    prior_frames: int = field(metadata=at_least(1))
    """Number of frames that weigh as much as the prior."""
    memory_frames: int = field(metadata=at_least(1))
    """Frames after which the room is forgotten, exponentially. More do not add to its weight."""

    def problems(self) -> list[str]:
        """Return the contradictions between the fields, a sentence each."""
        if len(self.mean) != len(self.std):
            return [f"mean has {len(self.mean)} values, std has {len(self.std)}"]
        return []

    def trust(self, frames: int) -> float:
        """Return the weight of a room's statistics, 0..1, after a number of audible frames.

        The prior has the rest. A room that outweighed it was heard worse than with the prior alone
        (docs/experiments.md), and so the memory limits the weight.
        """
        remembered = min(frames, self.memory_frames)
        return remembered / (remembered + self.prior_frames)


@dataclass(frozen=True)
class Room:
    """Statistics of a room: a few hundred numbers, no sound."""

    frames: int = field(metadata=between(1, 1 << 53))
    """Audible frames heard."""
    mean: tuple[float, ...] = field(metadata=between(-1e4, 1e4))
    """Mean of each coefficient; speech and music stay within hundreds."""
    square: tuple[float, ...] = field(metadata=between(0, 1e8))
    """Mean of the square of each coefficient."""

    def problems(self) -> list[str]:
        """Return the contradictions between the fields, a sentence each."""
        if len(self.mean) != len(self.square):
            return [f"mean has {len(self.mean)} values, square has {len(self.square)}"]
        # Rounding apart, no mean square is below the square of the mean.
        if any(s < m * m * (1 - 1e-9) for m, s in zip(self.mean, self.square, strict=True)):
            return ["a mean square is below the square of its mean"]
        return []


class Normaliser:
    """Normaliser of frames, which learns their mean and deviation from audible frames.

    It counts frames, never time: a replay adapts as the live stream did.
    """

    def __init__(self, spec: NormalisationSpec) -> None:
        self._spec = spec
        mean, std = np.array(spec.mean, np.float64), np.array(spec.std, np.float64)
        # Means and mean squares [shape=(2, n_mfcc)], together: half as many calls of numpy.
        self._prior: Numbers = np.stack((mean, std**2 + mean**2))
        self._sums: Numbers = np.empty_like(self._prior)
        self.reset()

    def reset(self) -> None:
        """Forget the room and go back to the prior."""
        self.frames_heard = 0
        """Audible frames heard, including those of a resumed room."""
        self._room: Numbers = np.zeros_like(self._prior)
        self._blend()

    @property
    def room(self) -> Room:
        """Statistics of the room so far."""
        mean, square = self._room.tolist()
        return Room(self.frames_heard, tuple(mean), tuple(square))

    def take_up(self, room: Room) -> None:
        """Continue from statistics of the same features that were learnt earlier."""
        self.frames_heard = room.frames
        self._room = np.array((room.mean, room.square), np.float64)
        self._blend()

    def process(self, frames: Float32, audible: bool) -> Float32:
        """Normalise frames by the statistics of those before them, then learn from them.

        Args:
            frames: coefficients [shape=(frames, n_mfcc), float32]
            audible: whether they are loud enough to learn from.

        Returns:
            normalised frames [same shape, float32]
        """
        normalised: Float32 = frames - self._mean
        normalised *= self._scale
        if audible and len(frames):
            self._learn(frames)
        return normalised

    def _learn(self, frames: Float32) -> None:
        self.frames_heard += len(frames)
        rate = len(frames) / min(self.frames_heard, self._spec.memory_frames + len(frames))
        wide = frames.astype(np.float64)
        # Not numpy's mean: it takes twice as long as the sum of so few values.
        np.add.reduce(wide, axis=0, out=self._sums[0])
        np.add.reduce(np.square(wide, out=wide), axis=0, out=self._sums[1])
        self._sums *= rate / len(wide)
        self._room *= 1 - rate
        self._room += self._sums
        self._blend()

    def _blend(self) -> None:
        blended = self._room - self._prior
        blended *= self._spec.trust(self.frames_heard)
        blended += self._prior
        mean, square = blended
        self._mean = mean.astype(np.float32)
        self._scale = (1 / np.sqrt(np.maximum(square - mean * mean, 1e-6))).astype(np.float32)
