"""Tables of labels, written by hand or corrected from the results of a replay."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from moodstream.mood.circumplex import MOODS, QUADRANTS
from moodstream.schema import nearest
from moodstream_train.corpora import table
from moodstream_train.corpora.clip import CorpusError, quadrant_of

LABELS = (*MOODS, *QUADRANTS)
"""Moods and quadrants that a clip may be labelled with."""
LINES = (".jsonl", ".ndjson", ".json")
"""Suffixes of results in JSON lines."""
SUMMARY = "summary"
"""Type of the line at the end of each recording in the results of a replay."""
HEADING = "file,label,group"


@dataclass(frozen=True)
class Labelled:
    """Own recording with its label."""

    path: Path
    group: str
    """Person, record or evening that the recording belongs to."""
    label: str
    """One of :data:`LABELS`."""
    valence: float | None = None
    """Rating in -1..1; None if there is none."""
    arousal: float | None = None
    """Rating in -1..1; None if there is none."""


def labelled(path: Path, errors: list[str], warnings: list[str]) -> Iterator[Labelled]:
    """Yield the recordings of a table.

    A table has the columns ``file`` and ``label``, and may have ``group``, ``valence`` and
    ``arousal``. Both numbers together can replace a label. Results of a replay have ``mood`` in
    place of ``label``; their valence and arousal are not ratings.

    Args:
        path: CSV, or JSON lines.
        errors: receives a line for each row that cannot be used.
        warnings: receives a line about rows that are skipped.
    """
    rows = list(_of_lines(path, errors) if path.suffix.lower() in LINES else table.rows(path))
    if not rows:
        errors.append(f"{path}: no rows; expected the heading {HEADING} and a line for each clip")
        return
    columns = rows[0][1].keys()
    corrected = "label" not in columns and "mood" in columns
    by_number = {"valence", "arousal"} <= columns
    needed = {"file"} if corrected or by_number else {"file", "label"}
    if absent := needed - columns:
        errors.append(
            f"{path}: line 1: no column {', '.join(sorted(absent))}; found {', '.join(columns)}"
        )
        return
    unheard, lines = 0, dict[Path, int]()
    for line, row in rows:
        try:
            if corrected and not row["mood"]:
                unheard += 1
                continue
            one = _labelled(path, row, "mood" if corrected else "label")
        except CorpusError as error:
            errors.append(f"{path}: line {line}: {error}")
            continue
        known = lines.setdefault(one.path.resolve(), line)
        if known == line:
            yield one
        else:  # the two labels or groups might contradict each other
            errors.append(
                f"{path}: line {line}: '{row['file']}' is already in line {known}; keep one"
            )
    if unheard:
        warnings.append(f"{path}: {unheard} recordings without a mood are skipped")


def _labelled(path: Path, row: table.Row, column: str) -> Labelled:
    """Return the recording of a row.

    Raises:
        CorpusError: something in the row cannot be used.
    """
    file, label = row["file"], row.get(column, "")
    # Results name files as the command was given them, in any working directory.
    places = [path.parent / file, *([Path(file).absolute()] if column == "mood" else [])]
    place = next((one for one in places if one.is_file()), None)
    if not file or place is None:
        raise CorpusError(f"no file '{file}' in {path.parent}")
    valence = arousal = None
    if column == "label":
        valence, arousal = _rating(row, "valence"), _rating(row, "arousal")
    if not label and valence is not None and arousal is not None:
        label = quadrant_of(valence, arousal)
    if label not in LABELS:
        raise CorpusError(f"label '{label}'; {nearest(label, list(LABELS))}")
    return Labelled(place, row.get("group") or file, label, valence, arousal)


def _rating(row: table.Row, name: str) -> float | None:
    """Return a number of a row; None if there is none.

    Raises:
        CorpusError: it is not a number in -1..1.
    """
    text = row.get(name, "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not -1 <= value <= 1:
        raise CorpusError(f"{name} '{text}'; give a number from -1 to 1, or leave it empty")
    return value


def _of_lines(path: Path, errors: list[str]) -> Iterator[tuple[int, table.Row]]:
    """Yield the summaries in JSON lines, with the numbers of their lines."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read as JSON lines in UTF-8: {error}") from error
    for number, line in enumerate(lines, 1):
        try:
            tree = json.loads(line) if line.strip() else {}
        except ValueError as error:
            errors.append(f"{path}: line {number}: not JSON: {error}")
            continue
        if isinstance(tree, dict) and tree.get("type") == SUMMARY:
            names = ("file", "mood", "label", "group")
            yield number, {name: str(tree[name] or "") for name in names if name in tree}
