"""Files that are written completely or not changed at all."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Literal, TextIO, overload

PART = ".part"
"""Suffix added to the name of a file that is still being written."""


@overload
def written_whole(
    path: Path, mode: Literal["wb"] = "wb", *, permissions: int = 0o666
) -> AbstractContextManager[BinaryIO]: ...
@overload
def written_whole(
    path: Path, mode: Literal["w"], *, permissions: int = 0o666
) -> AbstractContextManager[TextIO]: ...
@contextmanager
def written_whole(
    path: Path, mode: Literal["w", "wb"] = "wb", *, permissions: int = 0o666
) -> Iterator[Any]:
    """Open a file that replaces ``path`` once all of it is on disk.

    The content goes to ``path`` with :data:`PART` added. At the end it is flushed to the disk and
    renamed. After an exception, that file is removed and ``path`` is unchanged. One left behind by
    a crash is overwritten.

    Args:
        path: file to write; its folder must exist.
        mode: "wb" for bytes, "w" for text in UTF-8.
        permissions: permissions of the new file, before the umask.

    Raises:
        OSError: the file cannot be written.
    """
    part = path.with_name(path.name + PART)
    part.unlink(missing_ok=True)

    def opener(name: str, flags: int) -> int:
        # Exclusive, so that a link placed there by somebody is not followed.
        return os.open(name, flags | os.O_EXCL, permissions)

    encoding = None if mode == "wb" else "utf-8"
    try:
        with open(part, mode, encoding=encoding, opener=opener) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
        _sync(path.parent)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _sync(folder: Path) -> None:
    """Flush the folder's entries, so that the new name survives a power failure."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
