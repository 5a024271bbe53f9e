"""M3U8: a playlist as text in UTF-8, with paths relative to its folder."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from moodstream.library.moods import path_of
from moodstream.library.track import Track


def write_m3u8(tracks: Iterable[Track], folder: Path, stream: BinaryIO) -> list[str]:
    """Write a playlist.

    Args:
        tracks: in the order in which they are played.
        folder: of the playlist; paths are relative to it.
        stream: receives the bytes; names that are not UTF-8 are written as they are on the disk.

    Returns:
        names that a playlist cannot contain, because they have line breaks.
    """
    left_out = []
    stream.write(b"#EXTM3U\n")
    for track in tracks:
        name = _relative(track.file, folder)
        if "\n" in name or "\r" in name:
            left_out.append(track.file)
            continue
        title = Path(name).stem
        line = f"#EXTINF:{round(track.duration)},{title}\n{name}\n"
        stream.write(line.encode("utf-8", "surrogateescape"))
    return left_out


def _relative(file: str, folder: Path) -> str:
    """Return the path from a folder to a file; URLs are returned unchanged."""
    if "://" in file:
        return file
    name = os.path.relpath(path_of(file).absolute(), folder.absolute())
    return f"./{name}" if name.startswith("#") else name  # a line with # is a comment
