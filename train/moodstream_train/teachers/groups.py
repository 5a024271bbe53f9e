"""Groups of AudioSet classes: voice, music and other sounds."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from moodstream.arrays import Float32
from moodstream_train.errors import TrainingError

GROUPS = ("voice", "music", "other")
"""The order of the columns that :meth:`Grouping.scores` returns."""

VOICE = (
    "Speech",
    "Child speech, kid speaking",
    "Conversation",
    "Narration, monologue",
    "Babbling",
    "Speech synthesizer",
    "Shout",
    "Bellow",
    "Whoop",
    "Yell",
    "Children shouting",
    "Screaming",
    "Whispering",
    "Laughter",
    "Baby laughter",
    "Giggle",
    "Snicker",
    "Belly laugh",
    "Chuckle, chortle",
    "Crying, sobbing",
    "Baby cry, infant cry",
    "Whimper",
    "Wail, moan",
    "Sigh",
    "Singing",
    "Choir",
    "Yodeling",
    "Chant",
    "Mantra",
    "Child singing",
    "Synthetic singing",
    "Rapping",
    "Humming",
    "Groan",
    "Grunt",
    "Gasp",
    "Cheering",
    "Chatter",
    "Crowd",
    "Hubbub, speech noise, speech babble",
    "Children playing",
)
"""Display names of speech, singing and sounds of the human voice."""

MUSIC = (
    "Music",
    "Musical instrument",
    "Plucked string instrument",
    "Guitar",
    "Electric guitar",
    "Bass guitar",
    "Acoustic guitar",
    "Steel guitar, slide guitar",
    "Tapping (guitar technique)",
    "Strum",
    "Banjo",
    "Sitar",
    "Mandolin",
    "Zither",
    "Ukulele",
    "Keyboard (musical)",
    "Piano",
    "Electric piano",
    "Organ",
    "Electronic organ",
    "Hammond organ",
    "Synthesizer",
    "Sampler",
    "Harpsichord",
    "Percussion",
    "Drum kit",
    "Drum machine",
    "Drum",
    "Snare drum",
    "Rimshot",
    "Drum roll",
    "Bass drum",
    "Timpani",
    "Tabla",
    "Cymbal",
    "Hi-hat",
    "Wood block",
    "Tambourine",
    "Rattle (instrument)",
    "Maraca",
    "Gong",
    "Tubular bells",
    "Mallet percussion",
    "Marimba, xylophone",
    "Glockenspiel",
    "Vibraphone",
    "Steelpan",
    "Orchestra",
    "Brass instrument",
    "French horn",
    "Trumpet",
    "Trombone",
    "Bowed string instrument",
    "String section",
    "Violin, fiddle",
    "Pizzicato",
    "Cello",
    "Double bass",
    "Wind instrument, woodwind instrument",
    "Flute",
    "Saxophone",
    "Clarinet",
    "Harp",
    "Jingle bell",
    "Harmonica",
    "Accordion",
    "Bagpipes",
    "Didgeridoo",
    "Shofar",
    "Theremin",
    "Singing bowl",
    "Scratching (performance technique)",
    "Pop music",
    "Hip hop music",
    "Beatboxing",
    "Rock music",
    "Heavy metal",
    "Punk rock",
    "Grunge",
    "Progressive rock",
    "Rock and roll",
    "Psychedelic rock",
    "Rhythm and blues",
    "Soul music",
    "Reggae",
    "Country",
    "Swing music",
    "Bluegrass",
    "Funk",
    "Folk music",
    "Middle Eastern music",
    "Jazz",
    "Disco",
    "Classical music",
    "Opera",
    "Electronic music",
    "House music",
    "Techno",
    "Dubstep",
    "Drum and bass",
    "Electronica",
    "Electronic dance music",
    "Ambient music",
    "Trance music",
    "Music of Latin America",
    "Salsa music",
    "Flamenco",
    "Blues",
    "Music for children",
    "New-age music",
    "Vocal music",
    "A capella",
    "Music of Africa",
    "Afrobeat",
    "Christian music",
    "Gospel music",
    "Music of Asia",
    "Carnatic music",
    "Music of Bollywood",
    "Ska",
    "Traditional music",
    "Independent music",
    "Song",
    "Background music",
    "Theme music",
    "Jingle (music)",
    "Soundtrack music",
    "Lullaby",
    "Video game music",
    "Christmas music",
    "Dance music",
    "Wedding music",
    "Happy music",
    "Sad music",
    "Tender music",
    "Exciting music",
    "Angry music",
    "Scary music",
)
"""Display names of music and instruments; bells of streets and houses are other sounds."""

UNGROUPED = (
    "Silence",
    "Inside, small room",
    "Inside, large room or hall",
    "Inside, public space",
    "Outside, urban or manmade",
    "Outside, rural or natural",
    "Reverberation",
    "Echo",
    "Television",
    "Radio",
    "Field recording",
)
"""Display names that describe a place, a carrier or silence: they belong to no group."""


def class_names(path: Path) -> list[str]:
    """Read the display names of a class map, in the order of the teacher's scores.

    Raises:
        TrainingError: The file cannot be read, or is not a class map.
    """
    try:
        with path.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        numbers = [int(row["index"]) for row in rows]
        names = [row["display_name"] for row in rows]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise TrainingError(
            f"{path}: not a class map with index and display_name: {error}"
        ) from error
    if not names or numbers != list(range(len(names))):
        raise TrainingError(f"{path}: the column index does not count up from 0")
    return names


class Grouping:
    """The classes of each group, as indices into a teacher's scores.

    Args:
        names: Display names of the teacher's classes, in the order of its scores.

    Raises:
        TrainingError: A listed class is not among the names, or no class is left for other sounds.
    """

    def __init__(self, names: Sequence[str]) -> None:
        listed = (*VOICE, *MUSIC, *UNGROUPED)
        missing = sorted(set(listed) - set(names))
        if missing:
            raise TrainingError(f"the class map lacks: {'; '.join(missing)}")
        other = sorted(set(names) - set(listed))
        if not other:
            raise TrainingError("the class map has no class of other sounds")
        self._count = len(names)
        self._columns = [
            np.array([index for index, name in enumerate(names) if name in set(group)])
            for group in (VOICE, MUSIC, other)
        ]

    def scores(self, scores: npt.ArrayLike) -> Float32:
        """Return each group's largest score in each frame [shape=(frames, 3), float32].

        Args:
            scores: The teacher's scores [shape=(frames, classes), 0..1].

        Raises:
            ValueError: The scores have another number of classes than the class map.
        """
        table = np.asarray(scores, np.float32)
        if table.ndim != 2 or table.shape[1] != self._count:
            raise ValueError(f"expected scores of {self._count} classes, got {table.shape}")
        return np.stack([table[:, columns].max(axis=1) for columns in self._columns], axis=1)
