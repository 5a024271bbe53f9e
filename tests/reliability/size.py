"""Sizes of a process that must not grow."""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

import psutil

GROWTH_MB = 1.0
"""Growth that a heap may show, megabytes."""


class Size(NamedTuple):
    resident_mb: float
    """Memory, megabytes of 10^6 bytes."""
    threads: int
    files: int
    """Open file descriptors."""


def size_of(process: psutil.Process) -> Size:
    memory = process.memory_info().rss / 1e6
    return Size(memory, process.num_threads(), process.num_fds())


def grows(sizes: Sequence[Size]) -> bool:
    """Return whether the last third is larger than the middle one by the median; True without any.

    In the first third all is done for the first time, as keeping the room after ten minutes is. A
    file that is open while one looks is no growth.
    """
    third = len(sizes) // 3
    if not third:
        return True
    middle, last = (
        [median(values) for values in zip(*part, strict=True)]
        for part in (sizes[third:-third], sizes[-third:])
    )
    return last[0] > middle[0] + GROWTH_MB or last[1] > middle[1] or last[2] > middle[2]
