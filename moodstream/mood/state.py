"""The state of a room: status, mood and evidence at one moment."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warming_up", "silence", "other", "uncertain", "no_audio", "paused"]
"""Status of a room; only ``ok`` comes with a mood. ``other`` is neither voice nor music."""


@dataclass(frozen=True)
class Moods:
    """Belief about the mood at one moment."""

    scores: tuple[float, ...]
    """Probability of each of :data:`MOODS` in the last seconds; they sum to one.

    A named mood has the highest, and its quadrant has the highest sum.
    """
    valence: float
    """Valence of the last seconds, -1 .. 1, in the most probable quadrant."""
    arousal: float
    """Arousal of the last seconds, -1 .. 1, in the most probable quadrant."""
    cnn: str
    """Mood that the CNN alone would name."""
    rnn: str
    """Mood that the RNN alone would name."""


@dataclass(frozen=True)
class Heard:
    """Kinds of sound in the last seconds; voice and music may both be probable."""

    voice: float
    """Probability of a voice."""
    music: float
    """Probability of music."""
    other: float
    """Probability of anything else."""


@dataclass(frozen=True)
class MoodState:
    """State of a room at the end of a hop."""

    status: Status
    mood: str | None
    """Name of the mood; None unless the status is ``ok``."""
    moods: Moods | None
    """Smoothed evidence; None where nothing is heard."""
    position_n: int
    """Samples of the stream up to here, gaps included, at the pipeline's rate."""
    since_n: int
    """Position at which the current status and mood began."""
    level_dbfs: float | None
    """Root mean square of the hop, decibels below full scale; None where nothing is heard."""
    heard: Heard | None = None
    """Kinds of sound; None if nothing is heard, or if the bundle does not distinguish them."""

    @property
    def key(self) -> tuple[str, str | None]:
        """Status and mood; a change of these is an event."""
        return self.status, self.mood
