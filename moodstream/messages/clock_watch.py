"""Watch over the wall clock."""

import time
from datetime import timedelta

SET_S = 1.0
"""Seconds from which the clock counts as set."""


class ClockWatch:
    """Finder of steps of the wall clock, as NTP makes one after a boot without a battery."""

    def __init__(self) -> None:
        self._ahead_s = _ahead_s()

    def take(self) -> timedelta:
        """Return by how much the clock was set since this was last asked, usually nothing."""
        moved_s = _ahead_s() - self._ahead_s
        if abs(moved_s) < SET_S:
            return timedelta()
        self._ahead_s += moved_s
        return timedelta(seconds=moved_s)


def _ahead_s() -> float:
    """Return the seconds that the wall clock is ahead of the one that counts since the boot."""
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
