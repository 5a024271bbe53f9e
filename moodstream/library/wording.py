"""Words and numbers to write for a mood."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from moodstream.library.errors import LibraryError
from moodstream.library.tag_fields import AROUSAL, MOOD, VALENCE, WRITTEN, Fields
from moodstream.library.track import Track
from moodstream.mood.circumplex import MOODS, QUADRANTS
from moodstream.schema import nearest

WORDS = {"Q1": "happy", "Q2": "tense", "Q3": "sad", "Q4": "calm", **{mood: mood for mood in MOODS}}
"""Default words for quadrants and moods."""
MAX_BYTES = 1 << 16
"""Largest size of a file of words, bytes."""


@dataclass(frozen=True)
class Wording:
    """Format of the tags."""

    what: str = "quadrant"
    """quadrant, mood, or both."""
    numbers: bool = False
    """Whether to write valence and arousal as well."""
    words: Mapping[str, str] = field(default_factory=lambda: WORDS)
    """Word for each quadrant and mood; an empty one is not written."""

    def fields(self, track: Track) -> Fields:
        """Return the fields for a track, all empty if it has no mood."""
        fields: Fields = dict.fromkeys((MOOD, WRITTEN, VALENCE, AROUSAL), ())
        if track.mood is None or track.quadrant is None:
            return fields
        keys = {"quadrant": [track.quadrant], "mood": [track.mood]}
        found = keys.get(self.what, [track.quadrant, track.mood])
        # Two keys may have the same word.
        words = tuple(dict.fromkeys(self.words[key] for key in found if self.words[key]))
        fields[MOOD] = fields[WRITTEN] = words
        if self.numbers and track.valence is not None and track.arousal is not None:
            fields[VALENCE] = (f"{track.valence:.3f}",)
            fields[AROUSAL] = (f"{track.arousal:.3f}",)
        return fields


def read_words(path: Path) -> dict[str, str]:
    """Return the user's words, with the default words for everything that the file omits.

    Args:
        path: of a TOML file with lines such as ``Q4 = "relaxing"`` and ``sad = "blue"``.

    Raises:
        LibraryError: it cannot be read, or names something else.
    """
    try:
        with path.open("rb") as stream:
            tree = tomllib.loads(stream.read(MAX_BYTES).decode("utf-8"))
    except OSError as error:
        raise LibraryError(f"{path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise LibraryError(f"{path}: not TOML: {error}") from error
    problems = [
        f"'{key}' is neither a mood nor a quadrant; {nearest(key, [*QUADRANTS, *MOODS])}"
        for key in tree
        if key not in WORDS
    ]
    problems += [
        f"{key}: expected a word in quotes, found {value!r}"
        for key, value in tree.items()
        if key in WORDS and not (isinstance(value, str) and (value.isprintable() or not value))
    ]
    if problems:
        raise LibraryError(f"{path}: {'; '.join(problems)}")
    return {**WORDS, **tree}
