"""Table of songs that people may know, with the quadrant that each model names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from moodstream.mood.circumplex import QUADRANTS
from moodstream_train.errors import TrainingError
from moodstream_train.measure.verdict import MODELS, Verdict

COUNT = 20
SONG_COLUMNS = ("cnn", "rnn", "fused")


@dataclass(frozen=True)
class Song:
    """Row of the table: the true quadrant, and the one that each model names."""

    title: str
    true: str
    cnn: str | None
    rnn: str | None
    fused: str | None
    """Quadrant that both models together name."""


def choose(
    verdicts: Sequence[Verdict], named: Mapping[str, str], count: int = COUNT, seed: int = 0
) -> list[Song]:
    """Draw songs, as many of each quadrant, sorted by quadrant and title.

    Args:
        verdicts: on music of the test side.
        named: title of each clip. A clip without a title keeps its name.
        count: number of songs.
        seed: of the draw.

    Raises:
        TrainingError: a quadrant has too few songs.
    """
    rng = np.random.default_rng(seed)
    songs = []
    for place, quadrant in enumerate(QUADRANTS):
        wanted = count // len(QUADRANTS) + (place < count % len(QUADRANTS))
        own = sorted((v for v in verdicts if v.label == quadrant), key=lambda v: v.clip)
        if len(own) < wanted:
            raise TrainingError(f"found {len(own)} songs of {quadrant}; {wanted} are needed")
        songs += [
            Song(named.get(v.clip) or v.clip, quadrant, *(v.quadrant(m) for m in SONG_COLUMNS))
            for v in (own[i] for i in rng.permutation(len(own))[:wanted])
        ]
    return sorted(songs, key=lambda song: (song.true, song.title))


def right(songs: Sequence[Song]) -> dict[str, int]:
    """Count the songs that each model names right."""
    return {model: sum(getattr(song, model) == song.true for song in songs) for model in MODELS}


def markdown(songs: Sequence[Song]) -> str:
    """Format the table as Markdown, with wrong quadrants struck out."""
    lines = ["| song | true | CNN | RNN | both |", "|---|---|---|---|---|"]
    for song in songs:
        cells = [_cell(getattr(song, model), song.true) for model in SONG_COLUMNS]
        lines.append(f"| {song.title.replace('|', '/')} | {song.true} | {' | '.join(cells)} |")
    counts = right(songs)
    cells = [f"{counts[model]} of {len(songs)}" for model in SONG_COLUMNS]
    lines.append(f"| **right** | | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(named: str | None, true: str) -> str:
    return named or "-" if named in (true, None) else f"~~{named}~~"
