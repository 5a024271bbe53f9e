"""EMOPIA: pop piano as MIDI, with a quadrant for each clip (Hung et al. 2021), as audio."""

import re
from pathlib import Path

from moodstream_train.corpora import table
from moodstream_train.corpora.clip import Clip, CorpusError, Found, moods_of
from moodstream_train.corpora.music import render

SIZE = 1078
TABLE = "label.csv"
SUFFIXES = (".mid", ".midi")

_ID = re.compile(r"Q[1-4]_(?P<song>.+)_\d+")
"""The song is a YouTube id and may hold underscores itself."""


def load(folder: Path, rendered: Path | None, progress: render.Progress) -> Found:
    """Return a clip for each row of ``label.csv`` (ID, 4Q) with a MIDI file of that name.

    Args:
        folder: holds the table, and the MIDI files in any folders below.
        rendered: folder in which each becomes ``ID.flac``, unless that exists.
        progress: called for each clip that had to be rendered.

    Raises:
        CorpusError: there is no folder, program or soundfont for the rendering.
    """
    if rendered is None:
        raise CorpusError(f"{folder}: EMOPIA is MIDI; give a folder for the rendered audio")
    quadrants = _quadrants(folder / TABLE)
    midis = {
        path.stem: path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES
    }
    there = sorted(quadrants.keys() & midis.keys())
    problems = render.render([midis[name] for name in there], rendered, progress)
    clips = []
    for name in there:
        match = _ID.fullmatch(name)
        if match and midis[name] not in problems:
            path, quadrant = render.target(midis[name], rendered), quadrants[name]
            group = f"emopia {match['song']}"
            moods = moods_of(quadrant)
            clips.append(Clip(path, "emopia", group, moods, quadrant, voice=0.0, music=1.0))
    warnings = render.warnings(folder, problems)
    if len(clips) != SIZE:
        warnings.append(f"{folder}: EMOPIA holds {len(clips)} clips, the whole corpus has {SIZE}")
    return clips, warnings


def _quadrants(path: Path) -> dict[str, str]:
    if not path.is_file():
        raise CorpusError(f"{path}: no such file; it comes with EMOPIA and contains the labels")
    return {
        row.get("id", ""): f"Q{row['4q']}"
        for _, row in table.rows(path)
        if row.get("4q") in {"1", "2", "3", "4"}
    }
