"""Journal of tags, written before the files change, to undo the tags later."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self

from moodstream.library.delta import Delta, unpacked
from moodstream.library.errors import LibraryError
from moodstream.library.tag_fields import Fields


@dataclass(frozen=True)
class Entry:
    """Change of a file."""

    file: str
    """Absolute path."""
    before: Fields
    """Mood fields before the change."""
    elder: str
    """Checksum of the file before the change."""
    newer: str
    """Checksum after the change."""
    mtime_ns: int
    """Modification time before the change, nanoseconds since 1970."""
    difference: Delta | None
    """Difference to the file before; None if it was too large."""


class TagJournal:
    """Changes that can be undone, by file.

    Args:
        stream: file of JSON lines, locked, open for reading and appending.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._places: dict[str, list[int]] = {}
        """Offsets of the entries of each file."""
        stream.seek(0)
        at = 0
        for line in stream:
            if line.endswith(b"\n"):
                self._index(json.loads(line), at)
                at += len(line)
        stream.truncate(at)  # a crash has cut the last entry, before its file was changed

    def add(self, entry: Entry) -> None:
        """Write an entry to the disk; only then may its file change."""
        tree = {
            **vars(entry),
            "difference": entry.difference and entry.difference.packed(),
        }
        self._index(tree, self._write(tree))

    def entries(self, path: Path) -> Iterator[Entry]:
        """Yield the changes of a file, newest first."""
        for place in reversed(self._places.get(str(path), [])):
            self._stream.seek(place)
            tree = json.loads(self._stream.readline())
            difference = tree["difference"] and unpacked(tree["difference"])
            before = {name: tuple(values) for name, values in tree["before"].items()}
            yield Entry(**{**tree, "before": before, "difference": difference})

    def files(self, paths: list[Path]) -> list[Path]:
        """Return the changed files among these paths and below them, in their order."""
        tops = [path.resolve() for path in paths]
        changed = (Path(file) for file, places in self._places.items() if places)
        return sorted(file for file in changed if any(file.is_relative_to(top) for top in tops))

    def forget(self, path: Path) -> None:
        """Record that all changes of a file are undone."""
        tree = {"undone": str(path)}
        self._index(tree, self._write(tree))

    def _index(self, tree: Mapping[str, Any], place: int) -> None:
        if "undone" in tree:
            self._places.pop(tree["undone"], None)
        else:
            self._places.setdefault(tree["file"], []).append(place)

    def _write(self, tree: Mapping[str, Any]) -> int:
        # Paths that are not UTF-8 have halves of characters, which ASCII can escape.
        return self._append(json.dumps(tree, ensure_ascii=True).encode("ascii") + b"\n")

    def _append(self, line: bytes) -> int:
        place = self._stream.seek(0, os.SEEK_END)
        self._stream.write(line)
        self._stream.flush()
        os.fsync(self._stream.fileno())
        return place

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[Self]:
        """Open the journal, and make it if there is none.

        Raises:
            LibraryError: it cannot be opened, is in use, or is not a journal.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a+b") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                try:
                    journal = cls(stream)
                except (ValueError, KeyError, TypeError) as error:
                    raise LibraryError(f"{path}: not a journal of tags: {error}") from error
                yield journal
        except BlockingIOError as error:
            raise LibraryError(f"{path}: another 'moodstream tag' is using it") from error
        except OSError as error:
            raise LibraryError(f"{path}: {error.strerror or error}") from error


def journal_path(environment: Mapping[str, str]) -> Path:
    """Return the path of the journal, in the user's state folder."""
    states = environment.get("XDG_STATE_HOME")
    top = Path(states) if states else Path.home() / ".local" / "state"
    return top / "moodstream" / "tags.jsonl"
