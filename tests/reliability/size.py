"""What a process holds, which must not grow."""

from collections.abc import Sequence
from typing import NamedTuple

import psutil

GROWTH_MB = 2.0
"""What a heap may still give way."""


class Size(NamedTuple):
    resident_mb: float
    """10^6 bytes."""
    threads: int
    files: int
    """Descriptors."""


def size_of(process: psutil.Process) -> Size:
    memory = process.memory_info().rss / 1e6
    return Size(memory, process.num_threads(), process.num_fds())


def grows(sizes: Sequence[Size]) -> bool:
    """Whether the most in the last quarter is more than in the first; none is measured, too."""
    quarter = len(sizes) // 4
    if not quarter:
        return True
    first, last = (
        [max(values) for values in zip(*part, strict=True)]
        for part in (sizes[:quarter], sizes[-quarter:])
    )
    return last[0] > first[0] + GROWTH_MB or last[1] > first[1] or last[2] > first[2]
