"""The command that asks YAMNet about all audio in some folders and caches its answers."""

import csv
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import numpy as np
import soundfile
import soxr

from moodstream.arrays import Float32
from moodstream.audio.chunk import mono
from moodstream.whole_file import written_whole
from moodstream_train.corpora.audio import is_audio
from moodstream_train.corpora.sounds.games import HEARD
from moodstream_train.errors import TrainingError
from moodstream_train.teachers.cache import Cache, file_sha256
from moodstream_train.teachers.groups import GROUPS, Grouping, class_names
from moodstream_train.teachers.yamnet import RATE, Answer, Yamnet

PROGRESS_S = 15.0
"""Seconds between lines of progress."""


def read(path: Path) -> Float32:
    """Return an audio file at 16 kHz, mixed to one channel [shape=(n,), float32].

    Raises:
        TrainingError: The file cannot be decoded, or is empty.
    """
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise TrainingError(f"{path}: cannot be read: {error}") from error
    if not len(samples):
        raise TrainingError(f"{path}: holds no samples")
    mixed = mono(samples)
    return mixed if rate == RATE else soxr.resample(mixed, rate, RATE).astype(np.float32)


def answer(teacher: Yamnet, cache: Cache, path: Path) -> Answer:
    """Return the teacher's answer about an audio file, from the cache if it is there.

    Raises:
        TrainingError: The audio cannot be decoded, or the cached answer is damaged.
    """
    key = file_sha256(path)
    found = cache.read(key)
    if found is None:
        found = teacher.answer(read(path))
        cache.write(key, found)
    return found


def answers(teacher: Yamnet, cache: Cache, paths: Sequence[Path]) -> Iterator[tuple[Path, Answer]]:
    """Yield each readable file with its answer, and print progress to stderr."""
    told = time.monotonic()
    for number, path in enumerate(paths, 1):
        try:
            yield path, answer(teacher, cache, path)
        except TrainingError as error:
            click.echo(f"Left out: {error}", err=True)
        if time.monotonic() - told > PROGRESS_S or number == len(paths):
            click.echo(f"  {number}/{len(paths)} files", err=True)
            told = time.monotonic()


@click.command()
@click.option("--yamnet", "model", type=click.Path(path_type=Path), required=True)
@click.option("--classes", type=click.Path(path_type=Path), required=True, help="Class map, CSV.")
@click.option("--cache", "cache_folder", type=click.Path(path_type=Path), required=True)
@click.option("--write", is_flag=True, help=f"Write {HEARD} into each folder: scores by file.")
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
def main(
    model: Path, classes: Path, cache_folder: Path, write: bool, folders: tuple[Path, ...]
) -> None:
    """Ask YAMNet about all audio in FOLDERS, in their order, and cache its answers.

    Prints the share of files in each folder whose largest group is voice, music or other.
    An interrupted run can be started again.
    """
    teacher, names = Yamnet(model), class_names(classes)
    if teacher.classes != len(names):
        raise TrainingError(f"{classes}: {len(names)} classes, but {model} has {teacher.classes}")
    grouping, cache = Grouping(names), Cache(cache_folder, teacher.key)
    for folder in folders:
        click.echo(f"{folder}", err=True)
        paths = sorted(path for path in folder.rglob("*") if is_audio(path))
        counts = np.zeros(len(GROUPS), int)
        lines = []
        for path, found in answers(teacher, cache, paths):
            scores = grouping.scores(found.scores).mean(axis=0)
            counts[scores.argmax()] += 1
            lines.append([str(path.relative_to(folder)), *(f"{score:.3f}" for score in scores)])
        if write:
            _write(folder / HEARD, lines)
        shares = ", ".join(
            f"{name} {share:.1%}"
            for name, share in zip(GROUPS, counts / max(1, counts.sum()), strict=True)
        )
        click.echo(f"{folder}: {counts.sum()} files: {shares}")


def _write(path: Path, lines: Sequence[Sequence[str]]) -> None:
    with written_whole(path, "w") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("file", *GROUPS), *lines])


if __name__ == "__main__":
    try:
        main()
    except TrainingError as problem:
        click.echo(f"Error: {problem}", err=True)
        sys.exit(1)
