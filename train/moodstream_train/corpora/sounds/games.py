"""Audio of free games, without labels: music, and short sounds.

``scripts/gather-game-audio`` makes the folder from Debian's packages, with a table of its files.
``python -m moodstream_train.teachers --write`` adds what YAMNet hears in each.
"""

from dataclasses import replace
from pathlib import Path

from moodstream_train.corpora.clip import Clip, Found
from moodstream_train.corpora.table import rows

TABLE = "index.csv"
HEARD = "heard.csv"
"""Table of what YAMNet hears: file, and scores of voice, music and other."""
SURE, SURELY_NOT = 0.5, 0.1
"""Scores from which YAMNet is believed that something is heard, and up to which that it is not."""
TRAIN, HELD_OUT = "train", "held-out"


def load(folder: Path, side: str = TRAIN) -> Found:
    """Load the music of one side, which may contain voices and has no known mood.

    Args:
        folder: holds the table and a folder for each package.
        side: :data:`TRAIN` or :data:`HELD_OUT`, by package.

    Raises:
        CorpusError: the table cannot be used.
    """
    return _load(folder, side, "music")


def load_effects(folder: Path, side: str = HELD_OUT) -> Found:
    """Load the short sounds of one side; it is unknown whether they contain voice or music.

    Raises:
        CorpusError: the table cannot be used.
    """
    return _load(folder, side, "effects")


def load_heard_effects(folder: Path) -> Found:
    """Load the short sounds to train with: those in which YAMNet is sure what is heard.

    Raises:
        CorpusError: a table cannot be used.
    """
    if not (folder / HEARD).exists():
        return [], [f"{folder / HEARD}: no such file"]
    scores = {row["file"]: row for _, row in rows(folder / HEARD)}
    found, warnings = load_effects(folder, TRAIN)
    clips = []
    for clip in found:
        row = scores.get(str(clip.path.relative_to(folder)), {})
        voice, music = (_known(row.get(name, "")) for name in ("voice", "music"))
        if voice is not None and music is not None:
            clips.append(replace(clip, corpus="effects", voice=voice, music=music))
    return clips, warnings


def _known(score: str) -> float | None:
    """Return whether something is heard, as 1 or 0; None where that is not sure."""
    value = float(score) if score else (SURE + SURELY_NOT) / 2
    return None if SURELY_NOT < value < SURE else float(value >= SURE)


def _load(folder: Path, side: str, kind: str) -> Found:
    clips, missing = [], 0
    for _, row in rows(folder / TABLE):
        if row.get("kind") != kind or row.get("side") != side:
            continue
        path = folder / row["file"]
        if not path.exists():
            missing += 1
            continue
        music = 1.0 if kind == "music" else None
        clips.append(Clip(path, "games", f"game {row['package']}", (), row["package"], music=music))
    warnings = [f"{folder}: {missing} files of {TABLE} are missing"] if missing else []
    return clips, warnings
