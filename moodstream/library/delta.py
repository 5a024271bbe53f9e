"""Difference between two states of a file, small enough to keep, that restores the older one.

Most tags are at the beginning of a file. They move the rest or change numbers in it, so the rest is
compared from the end; in an Ogg file whose pages are renumbered, only some bytes on each page
differ. The tags of WAV are at the end, and what comes before is compared from the beginning.
"""

import base64
import hashlib
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

CHUNK_N = 1 << 22
"""Bytes that are compared at once."""
MAX_DIFFERENT = 1 << 22
"""Largest number of different bytes to keep."""

Content = NDArray[np.uint8]


@dataclass(frozen=True)
class Delta:
    """Everything in the older file that the newer one lacks."""

    same_n: int
    """Number of identical bytes at the beginning."""
    tail_n: int
    """Number of bytes that are compared one by one: at the end, or after the identical ones."""
    between: bytes
    """Bytes of the older file that are neither identical nor compared."""
    gaps: bytes
    """Distances of different bytes among the compared ones, each from the one before, as uint32."""
    values: bytes
    """Older values of the different bytes."""
    at_end: bool = False
    """Whether :attr:`between` comes after the compared bytes instead of before them."""

    @property
    def size(self) -> int:
        """Number of older bytes to keep."""
        return len(self.between) + len(self.values)

    def packed(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            key: base64.b64encode(zlib.compress(value)).decode() if key in PACKED else value
            for key, value in asdict(self).items()
        }


PACKED = ("between", "gaps", "values")


def unpacked(tree: dict[str, Any]) -> Delta:
    """Return the delta of :meth:`Delta.packed`."""
    bytes_of: dict[str, Any] = {key: zlib.decompress(base64.b64decode(tree[key])) for key in PACKED}
    return Delta(**{**tree, **bytes_of})


def delta(elder: Path, newer: Path) -> Delta | None:
    """Return the difference of two files; None if it is too large to be kept."""
    old, new = _mapped(elder), _mapped(newer)
    same_n = _same(old, new)
    ways = (_delta(old, new, same_n, at_end=at_end) for at_end in (False, True))
    return min(filter(None, ways), key=lambda found: found.size, default=None)


def _delta(old: Content, new: Content, same_n: int, *, at_end: bool) -> Delta | None:
    tail_n = min(len(old), len(new)) - same_n
    old_at, new_at = (same_n,) * 2 if at_end else (len(old) - tail_n, len(new) - tail_n)
    between = old[old_at + tail_n :] if at_end else old[same_n:old_at]
    places: list[NDArray[np.int64]] = []
    different_n = len(between)
    for at in range(0, tail_n, CHUNK_N):
        end = min(at + CHUNK_N, tail_n)
        different = old[old_at + at : old_at + end] != new[new_at + at : new_at + end]
        places.append(np.flatnonzero(different) + at)
        different_n += len(places[-1])
        if different_n > MAX_DIFFERENT:
            return None
    found = np.concatenate([*places, np.zeros(0, np.int64)])
    gaps = np.diff(found, prepend=0).astype("<u4")
    values = old[old_at : old_at + tail_n][found]
    return Delta(same_n, tail_n, between.tobytes(), gaps.tobytes(), values.tobytes(), at_end)


def write_elder(newer: Path, difference: Delta, stream: BinaryIO) -> None:
    """Write the older file.

    Args:
        newer: file as it is now.
        difference: difference to the older file.
        stream: takes the bytes.
    """
    new = _mapped(newer)
    same = new[: difference.same_n]
    stream.writelines(same[at : at + CHUNK_N].tobytes() for at in range(0, len(same), CHUNK_N))
    if not difference.at_end:
        stream.write(difference.between)
    places = np.cumsum(np.frombuffer(difference.gaps, "<u4").astype(np.int64))
    values = np.frombuffer(difference.values, np.uint8)
    begin = difference.same_n if difference.at_end else len(new) - difference.tail_n
    tail = new[begin : begin + difference.tail_n]
    for at in range(0, difference.tail_n, CHUNK_N):
        chunk = np.array(tail[at : at + CHUNK_N])
        first, last = np.searchsorted(places, [at, at + len(chunk)])
        chunk[places[first:last] - at] = values[first:last]
        stream.write(chunk.tobytes())
    if difference.at_end:
        stream.write(difference.between)


def sha256(path: Path) -> str:
    """Return the checksum of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _mapped(path: Path) -> Content:
    if path.stat().st_size == 0:
        return np.zeros(0, np.uint8)
    return np.memmap(path, np.uint8, "r")


def _same(old: Content, new: Content) -> int:
    """Return the number of bytes at the beginning that are the same."""
    limit = min(len(old), len(new))
    for at in range(0, limit, CHUNK_N):
        end = min(at + CHUNK_N, limit)
        different = old[at:end] != new[at:end]
        if different.any():
            return at + int(different.argmax())
    return limit
