"""Tagging of files: each is replaced completely, or not changed at all."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from moodstream.library.delta import delta, sha256, write_elder
from moodstream.library.errors import LibraryError
from moodstream.library.tag_fields import MOOD, WRITTEN, Fields, TaggedFile
from moodstream.library.tag_journal import Entry, TagJournal

PART = ".moodstream-"
"""Prefix of the hidden name of a file that is still being written."""


def current(path: Path) -> Fields:
    """Return the mood fields of a file.

    Raises:
        LibraryError: its tags cannot be read.
    """
    return TaggedFile(path).fields


def is_foreign(fields: Fields) -> bool:
    """Return whether somebody else has written the mood, or has changed it since."""
    return bool(fields[MOOD]) and fields[MOOD] != fields[WRITTEN]


def is_same(fields: Fields, wanted: Fields) -> bool:
    """Return whether nothing needs to be written; somebody else's mood may equal ours."""
    if is_foreign(fields):
        return fields[MOOD] == wanted[MOOD]
    return fields == wanted


def write(path: Path, wanted: Fields, journal: TagJournal, *, keep_mtime: bool) -> None:
    """Write mood fields into a file, through a copy beside it.

    Args:
        path: of the file.
        wanted: values of the fields.
        journal: records the data needed to undo the change.
        keep_mtime: whether to keep the modification time.

    Raises:
        LibraryError: it cannot be written; the file is then unchanged.
    """
    real = path.resolve()

    def change(part: Path) -> None:
        shutil.copyfile(real, part)
        tagged = TaggedFile(part)
        before = tagged.fields
        tagged.change(wanted)
        tagged.save()
        entry = Entry(
            file=str(real),
            before=before,
            elder=sha256(real),
            newer=sha256(part),
            mtime_ns=real.stat().st_mtime_ns,
            difference=delta(real, part),
        )
        journal.add(entry)

    _replace(real, change, real.stat().st_mtime_ns if keep_mtime else None)


def undo(path: Path, journal: TagJournal) -> str:
    """Take all tags back that were written into a file.

    Returns:
        a remark if only the mood fields could be restored; "" if every byte is as it was.

    Raises:
        LibraryError: it cannot be written.
    """
    remark = ""
    entries = [*journal.entries(path)]
    for entry in entries:
        try:
            found = sha256(path)
        except OSError as error:
            raise LibraryError(f"{path}: {(error.strerror or str(error)).lower()}") from error
        if found == entry.elder:
            continue  # a crash came before the change
        if found != entry.newer or entry.difference is None:
            _restore_fields(path, entries[-1].before)
            why = "too much to keep" if found == entry.newer else "changed since then"
            remark = f"{why}: the mood fields were restored, all else was kept"
            break
        _restore_bytes(path, entry)
    journal.forget(path)
    return remark


def _restore_bytes(path: Path, entry: Entry) -> None:
    difference = entry.difference

    def change(part: Path) -> None:
        assert difference is not None  # noqa: S101 - the caller has seen it
        with part.open("r+b") as stream:
            write_elder(path, difference, stream)
        if sha256(part) != entry.elder:
            raise LibraryError(f"{path}: the journal does not give the file of before")

    _replace(path, change, entry.mtime_ns)


def _restore_fields(path: Path, fields: Fields) -> None:
    def change(part: Path) -> None:
        shutil.copyfile(path, part)
        tagged = TaggedFile(part)
        tagged.change(fields)
        tagged.save()

    _replace(path, change, None)


def _replace(path: Path, change: Callable[[Path], None], mtime_ns: int | None) -> None:
    """Put a changed copy in the place of a file.

    Args:
        path: of the file.
        change: fills the copy, which is empty.
        mtime_ns: modification time of the copy; None for the present.

    Raises:
        LibraryError: it cannot be written; the file is then unchanged.
    """
    if not os.access(path, os.W_OK):
        reason = "is write-protected" if path.exists() else "no such file"
        raise LibraryError(f"{path}: {reason}")
    try:
        with _part_of(path) as part:
            change(part)
            status = path.stat()
            shutil.copystat(path, part)
            with suppress(PermissionError):  # only root may give files away
                os.chown(part, status.st_uid, status.st_gid)
            if mtime_ns is None:
                os.utime(part)
            else:
                os.utime(part, ns=(status.st_atime_ns, mtime_ns))
            _sync(part)
            part.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise LibraryError(f"{path}: {(error.strerror or str(error)).lower()}") from error


@contextmanager
def _part_of(path: Path) -> Iterator[Path]:
    """Make an empty hidden file beside another, and remove it if it is still there."""
    descriptor, name = tempfile.mkstemp(path.suffix, PART, path.parent)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Flush a file, or the entries of a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
