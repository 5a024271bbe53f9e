"""Track of a library with its mood, and the results of an earlier replay as tracks."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, BinaryIO

from moodstream.library.errors import LibraryError
from moodstream.messages.published import Message
from moodstream.mood.circumplex import MOODS, QUADRANTS
from moodstream.schema import at_least, between, decode, one_of

SUMMARY = b'{"type":"summary"'
"""Start of the lines of a replay that summarise a recording."""
NUMBERS = ("duration", "confidence", "valence", "arousal")


@dataclass(frozen=True)
class Track:
    """Recording, and its overall mood."""

    file: str
    """Name, as :func:`moodstream.replay.files.message_name` gives it."""
    mood: str | None = field(metadata=one_of(*MOODS))
    """Name of the mood; None if no mood was named."""
    quadrant: str | None = field(metadata=one_of(*QUADRANTS))
    """Quadrant of the mood; None without a mood."""
    confidence: float | None = field(metadata=between(0, 1))
    """Probability of the mood."""
    valence: float | None = field(metadata=between(-1, 1))
    arousal: float | None = field(metadata=between(-1, 1))
    duration: float = field(default=0.0, metadata=at_least(0))
    """Seconds."""


FIELDS = tuple(entry.name for entry in fields(Track))


def track_of(message: Message) -> Track:
    """Return the track of a summary.

    Raises:
        LibraryError: the object is not a summary.
    """
    errors: list[str] = []
    known = {name: message[name] for name in FIELDS if name in message}
    track = decode(Track, known, "", errors)
    if track is None:
        raise LibraryError("; ".join(errors))
    return track


def read_results(path: Path) -> list[Track]:
    """Return the tracks in a file that ``moodstream replay`` has written, in its order.

    If a file occurs twice, its last result counts.

    Args:
        path: of JSON lines or CSV; the first byte tells them apart.

    Raises:
        LibraryError: it cannot be read, or is not a file of results.
    """
    try:
        with path.open("rb") as stream:
            is_json = stream.read(1) == b"{"
            stream.seek(0)
            messages = _json_lines(stream) if is_json else _csv_rows(stream)
            tracks = {track.file: track for track in map(track_of, messages)}
    except OSError as error:
        raise LibraryError(f"{path}: {error.strerror or error}") from error
    except (LibraryError, ValueError, RecursionError, csv.Error) as error:
        raise LibraryError(
            f"{path}: {error}; name a file that 'replay --format csv' or 'jsonl' has written"
        ) from error
    if not tracks:
        raise LibraryError(f"{path}: contains no result of a whole recording")
    return [*tracks.values()]


def _json_lines(stream: BinaryIO) -> Iterator[Message]:
    for line in stream:
        if line.startswith(SUMMARY) and line.endswith(b"\n"):
            yield json.loads(line)


def _csv_rows(stream: BinaryIO) -> Iterator[Message]:
    rows = csv.DictReader(line.decode("utf-8") for line in stream)
    if missing := set(FIELDS) - set(rows.fieldnames or ()):
        raise LibraryError(f"has no column {min(missing)}")
    for row in rows:
        if None in row.values():
            continue  # a line that was cut off
        yield {name: _value(name, row[name]) for name in FIELDS}


def _value(name: str, text: str) -> Any:
    if name in NUMBERS:
        return float(text) if text else None
    return text or None
