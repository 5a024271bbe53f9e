"""A recording and what is known of its mood."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from moodstream.mood.circumplex import MOODS, QUADRANT_OF
from moodstream_train.errors import TrainingError

Corpus = Literal["speech", "song", "cremad", "music", "emopia", "own", "noise"]
"""RAVDESS is two of them, speech and song; music is 4Q. Noise has no mood: no id is right."""
Sex = Literal["female", "male"]


class CorpusError(TrainingError):
    """There is nothing to train on, or it cannot be used; the message says where and why."""


@dataclass(frozen=True)
class Clip:
    """One recording and what is known of its mood."""

    path: Path
    corpus: Corpus
    group: str
    """Who must not be on two sides of a split: the actor, the artist or the song."""
    moods: tuple[int, ...]
    """Ids of the moods that are right: one for a voice, those of the quadrant for music."""
    label: str
    """The mood of a voice, the quadrant of music."""
    sex: Sex | None = None
    """Of the actor, where it is known."""
    title: str = ""
    """Of a song, with its artist, where it is known."""

    @property
    def name(self) -> str:
        """The file's name without its suffix, as the corpus publishes it."""
        return self.path.stem


Found = tuple[list[Clip], list[str]]
"""The clips of a corpus, and a warning for each thing that is missing."""


def moods_of(label: str) -> tuple[int, ...]:
    """Ids of the moods that are right for a mood's name or for a quadrant's."""
    return tuple(i for i, mood in enumerate(MOODS) if label in {mood, QUADRANT_OF[mood]})
