"""A recording, its mood, and the kinds of sound in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from moodstream.mood.circumplex import MOODS, QUADRANT_OF
from moodstream_train.errors import TrainingError

Corpus = Literal[
    "speech",
    "song",
    "cremad",
    "nemo",
    "ased",
    "emovo",
    "turev",
    "baved",
    "emogator",
    "music",
    "emopia",
    "musifeast",
    "vgmidi",
    "own",
    "noise",
    "sounds",
    "games",
    "effects",
]
"""RAVDESS is two of them, speech and song; music is 4Q. Noise, sounds and effects have no mood."""
Sex = Literal["female", "male"]


class CorpusError(TrainingError):
    """Training data is missing or unusable; the message says where and why."""


@dataclass(frozen=True)
class Clip:
    """Recording, its mood, and the kinds of sound in it."""

    path: Path
    corpus: Corpus
    group: str
    """The speaker, artist, song, game or recording. No group may be on two sides of a split."""
    moods: tuple[int, ...]
    """Ids of the correct moods: one for a voice, those of the quadrant for music. Empty if no mood
    is known."""
    label: str
    """The mood of a voice, or the quadrant of music. Without a mood, the corpus's own class."""
    sex: Sex | None = None
    """Sex of the speaker; None if unknown."""
    title: str = ""
    """Artist and title of a song; empty if unknown."""
    voice: float | None = None
    """1.0 with a voice, spoken or sung, 0.0 without; None if unknown."""
    music: float | None = None
    """1.0 with instruments, 0.0 without; None if unknown."""
    valence: float | None = None
    """Mean rating by listeners, in -1..1; None if there is none."""
    arousal: float | None = None
    """Mean rating by listeners, or acted level, in -1..1; None if there is none."""
    language: str = ""
    """ISO 639-1 code of the language; empty if nothing is said or it is unknown."""
    named: int | None = None
    """Id of the one mood of the quadrant that a song's tags name; None if there is none."""

    @property
    def name(self) -> str:
        """The file's name without its suffix, as the corpus publishes it."""
        return self.path.stem


Found = tuple[list[Clip], list[str]]
"""Clips of a corpus, and a warning for everything that is missing."""


def moods_of(label: str) -> tuple[int, ...]:
    """Return the ids of the correct moods for the name of a mood or quadrant."""
    return tuple(i for i, mood in enumerate(MOODS) if label in {mood, QUADRANT_OF[mood]})


def quadrant_of(valence: float, arousal: float) -> str:
    """Return the quadrant of a position on the circumplex; zero counts as positive."""
    if arousal >= 0:
        return "Q1" if valence >= 0 else "Q2"
    return "Q4" if valence >= 0 else "Q3"
