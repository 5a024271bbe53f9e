"""The corpora: what a folder holds, checked against what it should hold."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile
import soxr

from moodstream.arrays import Float32
from moodstream.audio.chunk import mono
from moodstream.mood import MOODS, QUADRANT_OF, QUADRANTS

Corpus = Literal["speech", "song", "music"]

SUFFIXES = (".wav", ".flac", ".opus", ".ogg", ".mp3")
RAVDESS_SIZES: dict[Corpus, int] = {"speech": 1440, "song": 1012}
"""Livingstone & Russo (2018); there are no songs by actor 18."""
MUSIC_SIZES = (720, 900)
"""4Q as published holds 900 clips; 720 of them may be the training part."""

_RAVDESS_NAME = re.compile(r"03-(?P<channel>0[12])-(?P<mood>0[1-8])-\d\d-\d\d-\d\d-(?P<actor>\d\d)")
_CHANNELS: dict[str, Corpus] = {"01": "speech", "02": "song"}


class CorpusError(Exception):
    """There is nothing to train on; the message says where it was looked for."""


@dataclass(frozen=True)
class Clip:
    """One recording and what is known of its mood."""

    path: Path
    corpus: Corpus
    group: str
    """Who must not be on two sides of a split: the actor or the artist."""
    moods: tuple[int, ...]
    """Ids of the moods that are right: one for a voice, those of the quadrant for music."""
    label: str
    """The mood of a voice, the quadrant of music."""

    @property
    def name(self) -> str:
        """The file's name without its suffix, as the corpus publishes it."""
        return self.path.stem


def load(folder: Path) -> tuple[list[Clip], list[str]]:
    """All clips below a folder that holds ``ravdess/`` and ``music4q/``.

    Returns:
        the clips, sorted by corpus and name, and a warning for each thing that is missing.

    Raises:
        CorpusError: no clip at all was found.
    """
    if not folder.is_dir():
        raise CorpusError(f"{folder}: no such folder; --data names the one that holds the corpora")
    voices, warnings = ravdess(folder / "ravdess")
    music, more = music4q(folder / "music4q")
    clips = voices + music
    if not clips:
        raise CorpusError(
            f"{folder}: no clips found; expected ravdess/ with the files of Zenodo record 1188976 "
            "and music4q/ with the 4Q clips and their table (see docs/training.md)"
        )
    return clips, warnings + more


def ravdess(folder: Path) -> tuple[list[Clip], list[str]]:
    """The voices: files named as published, in any folders below this one."""
    clips = []
    for path in _audio_below(folder):
        match = _RAVDESS_NAME.fullmatch(path.stem)
        if match:
            mood = int(match["mood"]) - 1
            corpus = _CHANNELS[match["channel"]]
            clips.append(Clip(path, corpus, f"actor {match['actor']}", (mood,), MOODS[mood]))
    counts = Counter(clip.corpus for clip in clips)
    warnings = [
        f"{folder}: RAVDESS {corpus} holds {counts[corpus]} clips, the whole corpus has {size}"
        for corpus, size in RAVDESS_SIZES.items()
        if counts[corpus] != size
    ]
    return sorted(clips, key=lambda clip: (clip.corpus, clip.name)), warnings


def music4q(folder: Path) -> tuple[list[Clip], list[str]]:
    """The music: a table of clips, and audio files named after them in any folders below.

    The table is ``clips.csv`` with the columns clip, quadrant and artist, or the metadata table
    of the publication, which calls the first of these Song.
    """
    rows = list(_table_rows(folder))
    files = {path.stem: path for path in _audio_below(folder)}
    clips = []
    for row in rows:
        path = files.get(row["clip"])
        if path and row["quadrant"] in QUADRANTS:
            moods = tuple(i for i, mood in enumerate(MOODS) if QUADRANT_OF[mood] == row["quadrant"])
            # A clip without an artist is a group of its own.
            group = row["artist"].strip().casefold() or f"clip {row['clip']}"
            clips.append(Clip(path, "music", group, moods, row["quadrant"]))
    warnings = []
    if len(clips) < len(rows):
        warnings.append(f"{folder}: {len(rows) - len(clips)} of {len(rows)} clips have no audio")
    if len(clips) not in MUSIC_SIZES:
        sizes = " or ".join(str(size) for size in MUSIC_SIZES)
        warnings.append(f"{folder}: 4Q holds {len(clips)} clips with audio, expected {sizes}")
    return sorted(clips, key=lambda clip: clip.name), warnings


def read(clip: Clip, rate: int) -> Float32:
    """The samples of a clip at a rate in hertz, mixed to one channel [shape=(n,), float32].

    Raises:
        CorpusError: the file cannot be decoded.
    """
    try:
        samples, source_rate = soundfile.read(clip.path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise CorpusError(f"{clip.path}: cannot be read: {error}") from error
    mixed = mono(samples)
    if source_rate != rate:
        mixed = soxr.resample(mixed, source_rate, rate).astype(np.float32)
    return mixed


def _audio_below(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES)


def _table_rows(folder: Path) -> Iterator[dict[str, str]]:
    for table in sorted(folder.glob("*.csv")):
        with table.open(newline="", encoding="utf-8-sig") as stream:
            rows = [
                {key.lower(): value for key, value in row.items()} for row in csv.DictReader(stream)
            ]
        rows = [{**row, "clip": row.get("clip") or row.get("song", "")} for row in rows]
        if rows and {"quadrant", "artist"} <= rows[0].keys():
            yield from rows
            return
