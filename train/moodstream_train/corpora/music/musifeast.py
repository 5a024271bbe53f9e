"""MUSIFEAST-17: clips of 17 genres, rated by 701 people (van der Walle et al. 2025)."""

from pathlib import Path

from moodstream_train.corpora import table
from moodstream_train.corpora.audio import audio_below
from moodstream_train.corpora.clip import Clip, CorpusError, Found, moods_of, quadrant_of

TABLE = "MUSIFEAST17_all.csv"
COLUMNS = ("clip_name", "artist", "valence_m", "arousal_m")
PUBLISHED = 356
LEFT_OUT = ("Country_MED_13", "Metal_HIGH_04", "Pop_HIGH_20")
"""Clips that the protocol of the evaluation leaves out."""
SIZE = PUBLISHED - len(LEFT_OUT)
MEDIAN_VALENCE = 3.44
MEDIAN_AROUSAL = 3.23
"""Medians of the mean ratings of all clips, on the scale of 1 to 5; they divide the quadrants."""


def load(folder: Path) -> Found:
    """Return a clip for each row of the table of ratings with an audio file of that name.

    The group is the artist, spelled as in the loader of 4Q, so an artist in both corpora is one
    group. No clip has words. Clips that the table marks as vocalised have an "ooh" somewhere, so it
    is unknown whether there is a voice at a given moment.

    Raises:
        CorpusError: the table is missing, or lacks a column.
    """
    rows = _rows(folder)
    files = audio_below(folder)
    clips = [
        _clip(row, files[row["clip_name"]])
        for row in rows
        if row["clip_name"] in files and row["clip_name"] not in LEFT_OUT
    ]
    warnings = []
    if missing := [row["clip_name"] for row in rows if row["clip_name"] not in files]:
        warnings.append(
            f"{folder}: {len(missing)} of {len(rows)} clips have no audio, {missing[0]} first; "
            "the folder stimuli/ of the corpus holds it"
        )
    if len(clips) != SIZE:
        warnings.append(
            f"{folder}: MUSIFEAST-17 holds {len(clips)} clips, expected {SIZE} "
            f"(of {PUBLISHED} published, {', '.join(LEFT_OUT)} are left out)"
        )
    return clips, warnings


def _clip(row: table.Row, path: Path) -> Clip:
    valence, arousal = float(row["valence_m"]), float(row["arousal_m"])
    quadrant = quadrant_of(valence - MEDIAN_VALENCE, arousal - MEDIAN_AROUSAL)
    title = row.get("track_title", "")
    return Clip(
        path,
        "musifeast",
        row["artist"].casefold() or f"clip {path.stem}",
        moods_of(quadrant),
        quadrant,
        title=f"{row['artist']} - {title}" if title else "",
        voice=0.0 if row.get("vocalisation", "").lower() == "no" else None,
        music=1.0,
        valence=_rescaled(valence),
        arousal=_rescaled(arousal),
    )


def _rescaled(rating: float) -> float:
    """Return a rating of 1 to 5 on the scale of -1 to 1."""
    return (rating - 3) / 2


def _rows(folder: Path) -> list[table.Row]:
    path = next(iter(sorted(folder.rglob(TABLE))), None)
    if path is None:
        raise CorpusError(f"{folder}: no {TABLE} in it; the folder data/ of the corpus holds it")
    rows = [row for _, row in table.rows(path)]
    if absent := [column for column in COLUMNS if not rows or column not in rows[0]]:
        raise CorpusError(f"{path}: no column {', '.join(absent).upper()}; fetch the table again")
    for row in rows:
        try:
            float(row["valence_m"]), float(row["arousal_m"])
        except ValueError as error:
            raise CorpusError(f"{path}: {row['clip_name']}: a rating is not a number") from error
    return rows
