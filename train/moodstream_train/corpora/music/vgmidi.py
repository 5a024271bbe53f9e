"""VGMIDI: piano arrangements of video game music, rated by 30 people each (Ferreira 2019)."""

import json
from collections import Counter
from pathlib import Path
from statistics import fmean

from moodstream_train.corpora import table
from moodstream_train.corpora.clip import Clip, CorpusError, Found, moods_of, quadrant_of
from moodstream_train.corpora.completeness import shortfall
from moodstream_train.corpora.music import render

SIZE = 204
GAMES = 30
TABLE = "vgmidi_labelled.csv"
ANNOTATIONS = "vgmidi_raw_*.json"
COLUMNS = ("game", "piece", "midi", "valence", "arousal")
SIGNS = {"1": 1, "-1": -1}

Ratings = dict[str, tuple[float, float]]
"""Mean valence and arousal of each piece by the name of its MIDI file, in -1..1."""


def load(folder: Path, rendered: Path | None, progress: render.Progress) -> Found:
    """Return a clip for each phrase of the table with a MIDI file of that name.

    A piece is cut into phrases where its quadrant changes; the table gives the quadrant of each.
    Ratings are published only for whole pieces, so a phrase has a rating only if it is the only one
    of its piece.

    Args:
        folder: holds the table, and the unpacked ``labelled/phrases.zip`` in any folder below.
        rendered: folder in which each phrase becomes a FLAC file, unless that exists.
        progress: called for each phrase that had to be rendered.

    Raises:
        CorpusError: the table, a folder for the audio, or the program to render is missing.
    """
    if rendered is None:
        raise CorpusError(f"{folder}: VGMIDI is MIDI; give a folder for the rendered audio")
    rows = _rows(folder)
    midis = {
        path.stem: path
        for path in sorted(folder.rglob("*.mid"))
        if not path.name.startswith(".")  # macOS packed a second file for each into the archive
    }
    there = [name for name in rows if name in midis]
    problems = render.render([midis[name] for name in there], rendered, progress)
    ratings = _ratings(folder)
    phrases = Counter(_piece(name) for name in rows)
    clips = []
    for name in there:
        if midis[name] not in problems:
            alone = phrases[_piece(name)] == 1
            rated = ratings.get(_piece(name), (None, None)) if alone else (None, None)
            clips.append(_clip(rows[name], render.target(midis[name], rendered), rated))
    warnings = render.warnings(folder, problems)
    if not there:
        warnings.append(f"{folder}: no phrases; unpack labelled/phrases.zip of the corpus there")
    if not ratings:
        warnings.append(
            f"{folder}: no {ANNOTATIONS}, so ratings are unknown; labelled/annotations/ has them"
        )
    return clips, warnings + shortfall(folder, "VGMIDI", clips, SIZE, GAMES, "games")


def _clip(row: table.Row, path: Path, rated: tuple[float | None, float | None]) -> Clip:
    quadrant = quadrant_of(SIGNS[row["valence"]], SIGNS[row["arousal"]])
    return Clip(
        path,
        "vgmidi",
        f"vgmidi {row['game']}",
        moods_of(quadrant),
        quadrant,
        title=f"{row['game']} - {row['piece']}",
        voice=0.0,
        music=1.0,
        valence=rated[0],
        arousal=rated[1],
    )


def _piece(phrase: str) -> str:
    return phrase.rpartition("_")[0]


def _rows(folder: Path) -> dict[str, table.Row]:
    path = folder / TABLE
    if not path.is_file():
        raise CorpusError(f"{path}: no such file; it comes with VGMIDI and contains the labels")
    rows = [row for _, row in table.rows(path)]
    if absent := [column for column in COLUMNS if not rows or column not in rows[0]]:
        raise CorpusError(f"{path}: no column {', '.join(absent)}; fetch the table again")
    return {
        Path(row["midi"]).stem: row
        for row in rows
        if row["valence"] in SIGNS and row["arousal"] in SIGNS
    }


def _ratings(folder: Path) -> Ratings:
    """Return the mean over the people of their means over time."""
    means: dict[str, tuple[list[float], list[float]]] = {}
    for path in sorted(folder.rglob(ANNOTATIONS)):
        try:
            tree = json.loads(path.read_text(encoding="utf-8"))
            pieces = {key: Path(piece["midi"]).stem for key, piece in tree["pieces"].items()}
            for key, one in tree["annotations"].items():
                piece = pieces.get(key.partition("_")[0])
                if piece and one["valence"] and one["arousal"]:
                    valences, arousals = means.setdefault(piece, ([], []))
                    valences.append(fmean(one["valence"]))
                    arousals.append(fmean(one["arousal"]))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise CorpusError(f"{path}: no ratings in it ({error!r}); fetch it again") from error
    return {piece: (fmean(v), fmean(a)) for piece, (v, a) in means.items()}
