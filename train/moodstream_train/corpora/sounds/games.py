"""Audio of free games, without labels: music, and short sounds.

``scripts/gather-game-audio`` makes the folder from Debian's packages, with a table of its files.
"""

from pathlib import Path

from moodstream_train.corpora.clip import Clip, Found
from moodstream_train.corpora.table import rows

TABLE = "index.csv"
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
