"""Own recordings: a folder a mood or quadrant, or a table."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import soundfile

from moodstream.mood.circumplex import MOODS, QUADRANTS
from moodstream.schema import nearest
from moodstream_train.corpora import table
from moodstream_train.corpora.audio import is_audio
from moodstream_train.corpora.clip import Clip, CorpusError, Found, moods_of

TABLE = "labels.csv"
LABELS = (*MOODS, *QUADRANTS)


def load(folder: Path) -> Found:
    """Return the clips of ``labels.csv``, or without one of the folders ``happy/``, ``Q3/`` ...

    Clips that belong together, as they are of one person, one record or one evening, share a
    group: a sub-folder of this name in each mood's folder, or the table's column group. All
    others are groups of their own.

    Raises:
        CorpusError: with everything that is wrong, a line each.
    """
    errors: list[str] = []
    path = folder / TABLE
    clips = list(_of_table(path, errors) if path.is_file() else _of_folders(folder, errors))
    for clip in clips:
        _check_audio(clip.path, errors)
    if not clips and not errors:
        errors.append(f"{folder}: no clips; expected {TABLE}, or folders named {_words(LABELS)}")
    if errors:
        raise CorpusError("\n".join(errors))
    return clips, []


def _of_table(path: Path, errors: list[str]) -> Iterator[Clip]:
    rows = table.rows(path)
    if not rows:
        errors.append(f"{path}: no rows; expected a heading file,label,group and a line a clip")
    elif absent := {"file", "label"} - rows[0][1].keys():
        errors.append(
            f"{path}: line 1: no column {_words(sorted(absent))}; found {_words(rows[0][1])}"
        )
        return
    lines: dict[Path, int] = {}
    for line, row in rows:
        file, label = row["file"], row["label"]
        place = path.parent / file
        known = lines.setdefault(place.resolve(), line)
        if not file or not place.is_file():
            errors.append(f"{path}: line {line}: no file '{file}' in {path.parent}")
        elif known != line:
            # Its two labels or groups would contradict each other.
            errors.append(f"{path}: line {line}: '{file}' is in line {known} already; keep one")
        elif label not in LABELS:
            errors.append(f"{path}: line {line}: label '{label}'; {nearest(label, list(LABELS))}")
        else:
            yield _clip(place, row.get("group") or file, label)


def _of_folders(folder: Path, errors: list[str]) -> Iterator[Clip]:
    for place in sorted(folder.iterdir()):
        label = place.name
        if is_audio(place):
            errors.append(f"{place}: is in no folder of a mood; move it into one, or write {TABLE}")
        elif not place.is_dir() or label.startswith("."):
            continue
        elif label not in LABELS:
            errors.append(f"{place}: no mood or quadrant; {nearest(label, list(LABELS))}")
        else:
            paths = [path for path in sorted(place.rglob("*")) if is_audio(path)]
            if not paths:
                errors.append(f"{place}: no audio in it; put clips there, or remove it")
            for path in paths:
                first, *below = path.relative_to(place).parts
                yield _clip(path, first if below else f"{label}/{first}", label)


def _clip(path: Path, group: str, label: str) -> Clip:
    # "own" keeps a group apart from the artists of other corpora.
    return Clip(path, "own", f"own {group}", moods_of(label), label)


def _check_audio(path: Path, errors: list[str]) -> None:
    # Own files are of any making: better refused now than after an hour of computing features.
    try:
        if soundfile.info(path).frames == 0:
            errors.append(f"{path}: holds no sound; remove it")
    except soundfile.LibsndfileError as error:
        errors.append(f"{path}: cannot be read: {error}; convert it to FLAC, or remove it")


def _words(words: Iterable[str]) -> str:
    return ", ".join(words)
