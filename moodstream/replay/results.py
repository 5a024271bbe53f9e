"""File of results from an earlier replay, to be continued."""

import csv
import fcntl
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, TextIO

from moodstream.replay.errors import ResultsError
from moodstream.replay.files import message_name
from moodstream.replay.writers import CsvWriter

MAX_LINE_BYTES = 1 << 24
"""Longest line, bytes; a summary has some 60 for each segment of its recording."""
STATE, EVENT, SUMMARY = (b'{"type":"%b",' % kind for kind in (b"state", b"event", b"summary"))
HEADER = ",".join(CsvWriter.COLUMNS) + "\n"


@dataclass(frozen=True)
class Results:
    """File of results, cut after its last complete one and open for more."""

    stream: TextIO
    done: Counter[str]
    """Names of the recordings that already have a summary in it."""
    empty: bool
    """Whether nothing has been written yet."""

    def missing(self, files: Iterable[Path]) -> Iterator[Path]:
        """Yield the files without a summary; a file that is named twice needs two."""
        done = self.done.copy()
        for path in files:
            if done[message_name(path)]:
                done[message_name(path)] -= 1
            else:
                yield path


@dataclass
class _Content:
    """Complete results in a file."""

    done: Counter[str] = field(default_factory=Counter)
    settings: set[str] = field(default_factory=set)
    """Fingerprints of the settings of all results."""
    end: int = 0
    """Bytes up to the end of the last one."""


@contextmanager
def resumed(path: Path, style: str, settings: str) -> Iterator[Results]:
    """Open a file of results, and make it if there is none.

    Args:
        path: of the file.
        style: csv or jsonl.
        settings: fingerprint; the results in the file must have the same one.

    Raises:
        ResultsError: its style or settings differ, another process writes it, or it cannot be
        opened or written.
    """
    try:
        with path.open("a+b") as file:
            _lock(file)
            file.seek(0)
            try:
                content = READERS[style](file)
            except (ValueError, RecursionError) as error:
                raise ResultsError(
                    f"{path}: {error}; name a file that 'replay --format {style}' has written, "
                    "or one that does not exist"
                ) from error
            _check_settings(path, content.settings, settings)
            # The rest belongs to a recording that was not finished, and will be replayed again.
            file.truncate(content.end)
            stream = io.TextIOWrapper(file, "utf-8", newline="")
            yield Results(stream, content.done, content.end == 0)
            stream.flush()
    except OSError as error:
        raise ResultsError(f"{path}: {error.strerror or error}") from error


def _check_settings(path: Path, found: set[str], settings: str) -> None:
    """Compare fingerprints: the first half is that of the bundle, the second that of the settings.

    Raises:
        ResultsError: the results were made with other settings.
    """
    if found <= {settings}:
        return
    bundle = settings.partition("-")[0]
    same_bundle = all(other.partition("-")[0] == bundle for other in found)
    differs = (
        "other settings (hop, silence, smoothing or --adapt)" if same_bundle else "another bundle"
    )
    raise ResultsError(
        f"{path}: its results were made with {differs}; use the same, or name another file"
    )


def _lock(file: BinaryIO) -> None:
    """Lock a file until it is closed.

    Raises:
        ResultsError: another replay has locked it.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise ResultsError(f"{file.name}: another replay is writing it") from error


def _lines(file: BinaryIO) -> Iterator[bytes]:
    return iter(partial(file.readline, MAX_LINE_BYTES), b"")


def _read_jsonl(file: BinaryIO) -> _Content:
    """Read JSON lines.

    Raises:
        ValueError: the file holds something else.
    """
    content, position = _Content(), 0
    for number, line in enumerate(_lines(file), 1):
        position += len(line)
        is_whole = line.endswith(b"\n")
        if not any(
            line.startswith(begin if is_whole else begin[: len(line)])
            for begin in (STATE, EVENT, SUMMARY)
        ):
            raise ValueError(f"line {number} is not a result")
        if is_whole and line.startswith(SUMMARY):
            match json.loads(line):
                case {"file": str(file_name), "settings": str(settings)}:
                    content.done[file_name] += 1
                    content.settings.add(settings)
                    content.end = position
                case _:
                    raise ValueError(f"the summary in line {number} has no file or no settings")
    return content


def _read_csv(file: BinaryIO) -> _Content:
    """Read CSV.

    Raises:
        ValueError: the file holds something else.
    """
    content, position = _Content(), 0
    text = ""

    def lines() -> Iterator[str]:
        nonlocal position, text
        for line in _lines(file):
            position += len(line)
            text = line.decode("utf-8", "replace")  # the last line may end inside a character
            yield text

    try:
        for number, row in enumerate(csv.reader(lines()), 1):
            if len(row) != len(CsvWriter.COLUMNS) or not text.endswith("\n"):
                break
            if number > 1:
                content.done[row[0]] += 1
                content.settings.add(row[-1])
            elif text != HEADER:
                raise ValueError("its first line is not the names of the columns")
            content.end = position
    except csv.Error as error:
        raise ValueError(f"not CSV: {error}") from error
    if content.end == 0 and not HEADER.startswith(text):
        raise ValueError("its first line is not the names of the columns")
    if file.read(1):
        raise ValueError(f"the bytes after {content.end} are not a row of results")
    return content


READERS: dict[str, Callable[[BinaryIO], _Content]] = {"csv": _read_csv, "jsonl": _read_jsonl}
