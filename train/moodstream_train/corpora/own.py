"""Own recordings: a folder for each mood or quadrant, or a table of labels."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import soundfile

from moodstream.schema import nearest
from moodstream_train.corpora import own_table
from moodstream_train.corpora.audio import is_audio
from moodstream_train.corpora.clip import Clip, CorpusError, Found, moods_of
from moodstream_train.corpora.own_table import LABELS, Labelled

TABLE = "labels.csv"


def load(place: Path) -> Found:
    """Return the own clips of a folder, or of a table of labels.

    A folder contains ``labels.csv``, or folders named ``happy``, ``Q3`` and so on. A table is a
    CSV of labels, or the edited results of ``moodstream replay`` as CSV or JSON lines.

    Clips of the same person, record or evening share a group. A group is a sub-folder of this name
    in each mood's folder, or the table's column ``group``. Every other clip forms its own group.

    Args:
        place: the folder or the table.

    Raises:
        CorpusError: with all errors, one on each line.
    """
    errors: list[str] = []
    warnings: list[str] = []
    table = place / TABLE if place.is_dir() else place
    if table.is_file():
        found = own_table.labelled(table, errors, warnings)
    elif place.is_dir():
        found = _of_folders(place, errors)
    else:
        raise CorpusError(f"{place}: no such folder or table; see docs/training.md")
    clips = [_clip(one) for one in found]
    for clip in clips:
        _check_audio(clip.path, errors)
    if not clips and not errors:
        errors.append(f"{place}: no clips; expected {TABLE}, or folders named {_words(LABELS)}")
    if errors:
        raise CorpusError("\n".join(errors))
    return sorted(clips, key=lambda clip: (clip.name, clip.path)), warnings


def _of_folders(folder: Path, errors: list[str]) -> Iterator[Labelled]:
    for place in sorted(folder.iterdir()):
        label = place.name
        if is_audio(place):
            errors.append(
                f"{place}: is not in a folder of a mood; move it into one, or write {TABLE}"
            )
        elif not place.is_dir() or label.startswith("."):
            continue
        elif label not in LABELS:
            errors.append(f"{place}: not a mood or quadrant; {nearest(label, list(LABELS))}")
        else:
            paths = [path for path in sorted(place.rglob("*")) if is_audio(path)]
            if not paths:
                errors.append(f"{place}: no audio in it; put clips there, or remove it")
            for path in paths:
                first, *below = path.relative_to(place).parts
                yield Labelled(path, first if below else f"{label}/{first}", label)


def _clip(one: Labelled) -> Clip:
    # "own" keeps a group apart from the artists of other corpora.
    return Clip(
        one.path,
        "own",
        f"own {one.group}",
        moods_of(one.label),
        one.label,
        valence=one.valence,
        arousal=one.arousal,
    )


def _check_audio(path: Path, errors: list[str]) -> None:
    # Own files may be of any kind; refuse bad ones now, not after an hour of computing features.
    try:
        if soundfile.info(path).frames == 0:
            errors.append(f"{path}: contains no sound; remove it")
    except soundfile.LibsndfileError as error:
        errors.append(f"{path}: cannot be read: {error}; convert it to FLAC, or remove it")


def _words(words: Iterable[str]) -> str:
    return ", ".join(words)
