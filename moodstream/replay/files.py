"""Recordings on disk: named files, and those in and below directories."""

import os
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from moodstream.audio.file import suffixes

MAX_SUFFIXES = 6
"""Number of suffixes of skipped files to report."""


@dataclass
class Found:
    """Recordings, and everything that was skipped."""

    files: list[Path] = field(default_factory=list)
    """Recordings in the order in which they are replayed."""
    passed_over: Counter[str] = field(default_factory=Counter)
    """Files of other kinds in directories, by suffix."""
    unreachable: list[str] = field(default_factory=list)
    """Complaints about directories that could not be read, a sentence each."""

    def remark(self) -> str:
        """Return a sentence about the skipped files; "" if there are none."""
        count = self.passed_over.total()
        if not count:
            return ""
        named = self.passed_over.most_common(MAX_SUFFIXES)
        parts = [f"{n} {suffix}" for suffix, n in named]
        if rest := count - sum(n for _, n in named):
            parts.append(f"{rest} of other kinds")
        files = "1 file" if count == 1 else f"{count} files"
        known = " ".join(sorted(suffixes()))
        return (
            f"{files} passed over: {', '.join(parts)}; files with these suffixes are read: {known}"
        )


def find(paths: Iterable[Path]) -> Found:
    """Find the recordings: each path that is a file, and the audio files below each directory.

    A directory is entered only once, even if links lead to it again. Names that begin with a dot
    are skipped silently, because file managers hide them.
    """
    found = Found()
    for path in paths:
        if path.is_dir():
            _walk(path, found)
        else:
            found.files.append(path)
    return found


def message_name(path: Path) -> str:
    r"""Return the name of a file for messages: its path, as text that can be encoded.

    In a name that is not UTF-8, as in old music libraries, such bytes are shown as \x and two
    digits.
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _walk(top: Path, found: Found) -> None:
    known = suffixes()
    files: list[Path] = []
    complaints: list[str] = []
    entered: set[tuple[int, int]] = set()
    # Links come last, so that a directory that is also linked to keeps its own name.
    directories, links = [top], list[Path]()
    while directories or links:
        directory = directories.pop() if directories else links.pop(0)
        try:
            status = directory.stat()
            if (status.st_dev, status.st_ino) in entered:
                continue
            entered.add((status.st_dev, status.st_ino))
            entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
        except OSError as error:
            complaints.append(_complaint(directory, error))
            continue
        for entry in entries:
            try:
                is_directory = entry.is_dir()
            except OSError as error:
                complaints.append(_complaint(Path(entry.path), error))
                continue
            if is_directory:
                (links if entry.is_symlink() else directories).append(Path(entry.path))
            elif not entry.name.startswith("."):
                _sort_in(entry, known, files, found.passed_over)
    found.unreachable += complaints
    # An empty directory is passed on as a recording, and the attempt reports which files are
    # supported.
    found.files += sorted(files) if files or complaints else [top]


def _sort_in(
    entry: os.DirEntry[str], known: Collection[str], files: list[Path], passed_over: Counter[str]
) -> None:
    path = Path(entry.path)
    suffix = path.suffix.lower()
    if suffix not in known:
        passed_over[suffix or "without a suffix"] += 1
    elif entry.is_file() or entry.is_symlink():  # a broken link is reported when it is opened
        files.append(path)
    else:
        passed_over["pipes or devices"] += 1


def _complaint(path: Path, error: OSError) -> str:
    return f"{path}: {(error.strerror or str(error)).lower()}; its files are skipped"
