"""A recording and what is known of its mood and of what is heard in it."""

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
    """There is nothing to train on, or it cannot be used; the message says where and why."""


@dataclass(frozen=True)
class Clip:
    """One recording, its mood, and what is heard in it."""

    path: Path
    corpus: Corpus
    group: str
    """The speaker, artist, song, game or recording. No group may be on two sides of a split."""
    moods: tuple[int, ...]
    """Ids of the moods that are right: one for a voice, those of the quadrant for music. Empty
    where no mood is known."""
    label: str
    """The mood of a voice, or the quadrant of music. Without a mood, the corpus's own class."""
    sex: Sex | None = None
    """Sex of the speaker; None where it is not known."""
    title: str = ""
    """Artist and title of a song; empty where they are not known."""
    voice: float | None = None
    """1.0 with a voice, spoken or sung, 0.0 without; None where it is not known."""
    music: float | None = None
    """1.0 with instruments, 0.0 without; None where it is not known."""
    valence: float | None = None
    """Mean rating by listeners, in -1..1; None where there is none."""
    arousal: float | None = None
    """Mean rating by listeners or level that was acted, in -1..1; None where there is none."""
    language: str = ""
    """ISO 639-1 code of what is said; empty where nothing is said or it is not known."""
    named: int | None = None
    """Id of the one mood of the quadrant that the tags of a song name; None where none is."""

    @property
    def name(self) -> str:
        """The file's name without its suffix, as the corpus publishes it."""
        return self.path.stem


Found = tuple[list[Clip], list[str]]
"""The clips of a corpus, and a warning for each thing that is missing."""


def moods_of(label: str) -> tuple[int, ...]:
    """Return the ids of the moods that are right for a mood's name or for a quadrant's."""
    return tuple(i for i, mood in enumerate(MOODS) if label in {mood, QUADRANT_OF[mood]})


def quadrant_of(valence: float, arousal: float) -> str:
    """Return the quadrant of a place on the circumplex; zero counts as positive."""
    if arousal >= 0:
        return "Q1" if valence >= 0 else "Q2"
    return "Q4" if valence >= 0 else "Q3"
