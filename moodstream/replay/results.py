"""A file of results that an earlier replay has written, to go on from where it ends."""

import csv
import fcntl
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, TextIO

from moodstream.replay.library import name
from moodstream.replay.report import CsvReport

MAX_LINE_BYTES = 1 << 24
"""A summary has some 60 bytes for each segment of its recording."""
STATE, EVENT, SUMMARY = (b'{"type":"%b",' % kind for kind in (b"state", b"event", b"summary"))
HEADER = ",".join(CsvReport.COLUMNS) + "\r\n"


class ResultsError(Exception):
    """The file cannot be gone on with; the message says why."""


@dataclass(frozen=True)
class Results:
    """A file of results, cut to its last whole one and open for more."""

    stream: TextIO
    heard: Counter[str]
    """The recordings whose summary it holds, as the summaries name them."""
    empty: bool

    def missing(self, files: Iterable[Path]) -> Iterator[Path]:
        """Those of these files that it has no summary of; one that is named twice, has two."""
        heard = self.heard.copy()
        for path in files:
            if heard[name(path)]:
                heard[name(path)] -= 1
            else:
                yield path


@contextmanager
def resumed(path: Path, style: str) -> Iterator[Results]:
    """Open a file of results, and make it if there is none.

    Args:
        path: of the file.
        style: csv or jsonl.

    Raises:
        ResultsError: it is of another style, is being written, or cannot be opened or written.
    """
    try:
        with path.open("a+b") as file:
            _lock(file)
            file.seek(0)
            try:
                heard, end = READERS[style](file)
            except (ValueError, RecursionError) as error:
                raise ResultsError(
                    f"{path}: {error}; name a file that 'replay --format {style}' has written, "
                    "or one that does not exist"
                ) from error
            # What follows is of a recording that was not heard to its end, and is heard again.
            file.truncate(end)
            stream = io.TextIOWrapper(file, "utf-8", newline="")
            yield Results(stream, heard, end == 0)
            stream.flush()
    except OSError as error:
        raise ResultsError(f"{path}: {error.strerror or error}") from error


def _lock(file: BinaryIO) -> None:
    """Until it is closed.

    Raises:
        ResultsError: another replay has locked it.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise ResultsError(f"{file.name}: another replay is writing it") from error


def _lines(file: BinaryIO) -> Iterator[bytes]:
    return iter(partial(file.readline, MAX_LINE_BYTES), b"")


def _read_jsonl(file: BinaryIO) -> tuple[Counter[str], int]:
    """The recordings whose summary the file holds, and where the last summary ends.

    Raises:
        ValueError: it is no file of JSON lines of ours.
    """
    heard, position, end = Counter[str](), 0, 0
    for number, line in enumerate(_lines(file), 1):
        position += len(line)
        whole = line.endswith(b"\n")
        if not any(
            line.startswith(begin if whole else begin[: len(line)])
            for begin in (STATE, EVENT, SUMMARY)
        ):
            raise ValueError(f"line {number} is no result")
        if whole and line.startswith(SUMMARY):
            heard[_file_of(line)] += 1
            end = position
    return heard, end


def _file_of(line: bytes) -> str:
    match json.loads(line):
        case {"file": str(file)}:
            return file
    raise ValueError("a summary names no file")


def _read_csv(file: BinaryIO) -> tuple[Counter[str], int]:
    """The recordings that the file has a row of, and where the last whole row ends.

    Raises:
        ValueError: it is no CSV file of ours.
    """
    heard, position, end = Counter[str](), 0, 0
    text = ""

    def lines() -> Iterator[str]:
        nonlocal position, text
        for line in _lines(file):
            position += len(line)
            text = line.decode("utf-8", "replace")  # the last line may be cut inside a character
            yield text

    try:
        for number, row in enumerate(csv.reader(lines()), 1):
            if len(row) != len(CsvReport.COLUMNS) or not text.endswith("\r\n"):
                break
            if number > 1:
                heard[row[0]] += 1
            elif text != HEADER:
                raise ValueError("its first line is not the names of the columns")
            end = position
    except csv.Error as error:
        raise ValueError(f"not CSV: {error}") from error
    if end == 0 and not HEADER.startswith(text):
        raise ValueError("its first line is not the names of the columns")
    if file.read(1):
        raise ValueError(f"what follows byte {end} is no row of results")
    return heard, end


READERS: dict[str, Callable[[BinaryIO], tuple[Counter[str], int]]] = {
    "csv": _read_csv,
    "jsonl": _read_jsonl,
}
