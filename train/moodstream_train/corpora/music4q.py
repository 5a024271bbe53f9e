"""4Q: songs with a quadrant of valence and arousal each (Panda, Malheiro & Paiva 2018)."""

from pathlib import Path

from moodstream.mood.circumplex import QUADRANTS
from moodstream_train.corpora import table
from moodstream_train.corpora.audio import audio_below
from moodstream_train.corpora.clip import Clip, Found, moods_of

SIZES = (720, 900)
"""As published it holds 900 clips; 720 of them may be the training part."""


def load(folder: Path) -> Found:
    """A table of clips, and audio files named after them in any folders below.

    The table is ``clips.csv`` with the columns clip, quadrant and artist, or the metadata table
    of the publication, which calls the first of these Song.
    """
    rows = _rows(folder)
    files = audio_below(folder)
    clips = []
    for row in rows:
        name, quadrant = row.get("clip") or row.get("song", ""), row["quadrant"]
        if name in files and quadrant in QUADRANTS:
            # A clip without an artist is a group of its own.
            group = row["artist"].casefold() or f"clip {name}"
            title = f"{row['artist']} - {row['title']}" if row.get("title") else ""
            moods = moods_of(quadrant)
            clips.append(Clip(files[name], "music", group, moods, quadrant, title=title))
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
