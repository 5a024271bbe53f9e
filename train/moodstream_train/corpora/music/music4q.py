"""4Q: songs with a quadrant of valence and arousal each (Panda, Malheiro & Paiva 2018)."""

from pathlib import Path

from moodstream.mood.circumplex import QUADRANTS
from moodstream_train.corpora import table
from moodstream_train.corpora.audio import audio_below
from moodstream_train.corpora.clip import Clip, Found, moods_of
from moodstream_train.corpora.music import tags

SIZES = (720, 900)
"""The published corpus has 900 clips; 720 of them may be the training part."""
TAGS = ("moodsstrsplit", "moods")
"""Columns of mood tags. In the published table ``moods`` is a number, which names no mood."""


def load(folder: Path) -> Found:
    """Return a clip for each row of a table with an audio file of that name below the folder.

    The table is ``clips.csv`` with the columns clip, quadrant and artist, or the metadata table of
    the publication, which calls the first of these Song. Some clips have singers, but the table
    does not say which.
    """
    rows = _rows(folder)
    files = audio_below(folder)
    clips = []
    for row in rows:
        name, quadrant = row.get("clip") or row.get("song", ""), row["quadrant"]
        if name in files and quadrant in QUADRANTS:
            clips.append(
                Clip(
                    files[name],
                    "music",
                    # A clip without an artist is a group of its own.
                    row["artist"].casefold() or f"clip {name}",
                    moods_of(quadrant),
                    quadrant,
                    title=f"{row['artist']} - {row['title']}" if row.get("title") else "",
                    music=1.0,
                    named=tags.named(_tags(row), quadrant),
                )
            )
    warnings = []
    if len(clips) < len(rows):
        warnings.append(f"{folder}: {len(rows) - len(clips)} of {len(rows)} clips have no audio")
    if len(clips) not in SIZES:
        sizes = " or ".join(str(size) for size in SIZES)
        warnings.append(f"{folder}: 4Q holds {len(clips)} clips with audio, expected {sizes}")
    return clips, warnings


def _rows(folder: Path) -> list[table.Row]:
    for path in sorted(folder.glob("*.csv")):
        rows = [row for _, row in table.rows(path)]
        if rows and {"quadrant", "artist"} <= rows[0].keys():
            return rows
    return []


def _tags(row: table.Row) -> list[str]:
    return [tag for column in TAGS for tag in row.get(column, "").split(";")]
