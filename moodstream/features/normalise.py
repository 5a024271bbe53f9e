"""Features normalised to the room: a slow running mean and deviation over the bundle's prior."""

from dataclasses import dataclass, field

import numpy as np

from moodstream.arrays import Float32
from moodstream.schema import at_least, between


@dataclass(frozen=True)
class NormalisationSpec:
    """What the bundle knows of rooms before it has heard one."""

    mean: tuple[float, ...] = field(metadata=between(-1e4, 1e4))
    """Of each coefficient over the audible frames of the training data."""
    std: tuple[float, ...] = field(metadata=between(1e-6, 1e4))
    """Deviation of each coefficient over the same frames."""
    prior_frames: int = field(metadata=at_least(1))
    """The prior weighs as much as this many frames heard."""
    memory_frames: int = field(metadata=at_least(1))
    """Frames after which what was heard begins to be forgotten, exponentially."""

    def problems(self) -> list[str]:
        """What contradicts itself, a sentence each."""
        if len(self.mean) != len(self.std):
            return [f"mean has {len(self.mean)} values, std has {len(self.std)}"]
        return []


@dataclass(frozen=True)
class Room:
    """What was learnt of a room: a few hundred numbers, no sound."""

    frames: int = field(metadata=between(1, 1 << 53))
    """Audible ones that were heard."""
    mean: tuple[float, ...] = field(metadata=between(-1e4, 1e4))
    """Of each coefficient; speech and music stay within hundreds."""
    square: tuple[float, ...] = field(metadata=between(0, 1e8))
    """Mean of the square of each coefficient."""

    def problems(self) -> list[str]:
        """What contradicts itself, a sentence each."""
        if len(self.mean) != len(self.square):
            return [f"mean has {len(self.mean)} values, square has {len(self.square)}"]
        # Rounding apart, no mean square is below the square of the mean.
        if any(s < m * m * (1 - 1e-9) for m, s in zip(self.mean, self.square, strict=True)):
            return ["a mean square is below the square of its mean"]
        return []


class Normaliser:
    """Subtracts the mean and divides by the deviation, learning both from what is audible.

    Counted in frames, never in time, so that a replay adapts as the live stream did.
    """

    def __init__(self, spec: NormalisationSpec) -> None:
        self._spec = spec
        self._prior_mean = np.array(spec.mean, np.float64)
        self._prior_square = np.array(spec.std, np.float64) ** 2 + self._prior_mean**2
        self.reset()

    def reset(self) -> None:
        """Forget the room: back to the prior."""
        self.frames_heard = 0
        self._room_mean = np.zeros_like(self._prior_mean)
        self._room_square = np.zeros_like(self._prior_square)
        self._blend()

    @property
    def room(self) -> Room:
        """What has been learnt."""
        return Room(
            self.frames_heard, tuple(self._room_mean.tolist()), tuple(self._room_square.tolist())
        )

    def take_up(self, room: Room) -> None:
        """Go on from what another has learnt of the same features."""
        self.frames_heard = room.frames
        self._room_mean = np.array(room.mean, np.float64)
        self._room_square = np.array(room.square, np.float64)
        self._blend()

    def process(self, frames: Float32, audible: bool) -> Float32:
        """Normalise frames by what was known before them; then learn from them.

        Args:
            frames: coefficients [shape=(frames, n_mfcc), float32]
            audible: whether they were loud enough to tell something of the room.

        Returns:
            normalised frames [same shape, float32]
        """
        normalised: Float32 = (frames - self._mean) * self._scale
        if audible and len(frames):
            self._learn(frames)
        return normalised

    def _learn(self, frames: Float32) -> None:
        self.frames_heard += len(frames)
        rate = len(frames) / min(self.frames_heard, self._spec.memory_frames + len(frames))
        wide = frames.astype(np.float64)
        # Not numpy's mean: it takes twice as long as the sum of so few values.
        self._room_mean += rate * (wide.sum(axis=0) / len(wide) - self._room_mean)
        self._room_square += rate * ((wide**2).sum(axis=0) / len(wide) - self._room_square)
        self._blend()

    def _blend(self) -> None:
        trust = self.frames_heard / (self.frames_heard + self._spec.prior_frames)
        mean = self._prior_mean + trust * (self._room_mean - self._prior_mean)
        square = self._prior_square + trust * (self._room_square - self._prior_square)
        self._mean = mean.astype(np.float32)
        self._scale = (1 / np.sqrt(np.maximum(square - mean**2, 1e-6))).astype(np.float32)
