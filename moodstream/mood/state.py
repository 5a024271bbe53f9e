"""The state of a room: status, mood and evidence at one moment."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from moodstream.arrays import Float32
from moodstream.mood.circumplex import MOODS

Status = Literal["ok", "warming_up", "silence", "uncertain", "no_audio", "paused"]
"""What can be said of the room; only ``ok`` comes with a mood."""


@dataclass(frozen=True)
class Moods:
    """What is believed of the mood at one moment."""

    scores: tuple[float, ...]
    """A probability for each of :data:`MOODS`; they sum to one."""
    cnn: str
    """The mood that the CNN alone would name."""
    rnn: str
    """The mood that the RNN alone would name."""

    @classmethod
    def of(cls, log_probabilities: Float32) -> "Moods":
        """From log probabilities of both models together, the CNN and the RNN.

        Args:
            log_probabilities: [shape=(3, moods), float32]
        """
        _, cnn, rnn = (MOODS[i] for i in log_probabilities.argmax(axis=1))
        return cls(tuple(np.exp(log_probabilities[0]).tolist()), cnn, rnn)

    @property
    def best(self) -> str:
        """The most probable mood."""
        return MOODS[max(range(len(MOODS)), key=self.scores.__getitem__)]


@dataclass(frozen=True)
class MoodState:
    """What the pipeline says at the end of each hop."""

    status: Status
    mood: str | None
    """None unless the status is ``ok``."""
    moods: Moods | None
    """The smoothed evidence; None where nothing is heard."""
    position_n: int
    """Samples of the stream up to here, gaps included, at the pipeline's rate."""
    since_n: int
    """The position at which status and mood became what they are."""
    level_dbfs: float | None
    """Root mean square of the hop, decibels below full scale; None where nothing is heard."""

    @property
    def key(self) -> tuple[str, str | None]:
        """What makes an event when it changes."""
        return self.status, self.mood
