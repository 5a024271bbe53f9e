"""Progress of a training: one line with the time left of the whole."""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TextIO

Did = Callable[[str, int, str], None]
"""Called with a kind of work, the units that were done, and a description of the current work."""

REFERENCE_S = {"listening": 0.05, "features": 0.04, "variants": 0.06, "cnn": 0.1, "rnn": 0.2}
"""Seconds for a clip (listening, features, variants) or a batch (cnn, rnn), measured on two cores
of a virtual machine. They are used until this machine has done some of the work itself."""
COLUMNS = 79
REFRESH_S = 0.5
CLEAR = "\r\x1b[K"
"""Return to the start of the line and clear it (ECMA-48)."""


@dataclass
class _Work:
    total: int
    done: int = 0
    spent_s: float = 0.0


class Progress:
    """Counts of the work that is planned and done, from which the time left follows.

    Args:
        work: units of each kind, of :data:`REFERENCE_S`.
        say: prints a line that stays.
        stream: receives a line that changes, if it is a terminal.
        clock: returns seconds.
    """

    def __init__(
        self,
        work: Mapping[str, int],
        say: Callable[[str], None],
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._work = {kind: _Work(total) for kind, total in work.items()}
        self._print, self._clock = say, clock
        self._stream = stream or sys.stderr
        self._last_s = clock()
        self._shown_s = self._last_s - REFRESH_S

    @property
    def left_s(self) -> float:
        """Estimate of the time left, seconds."""
        spent = sum(work.spent_s for work in self._work.values())
        expected = sum(work.done * REFERENCE_S[kind] for kind, work in self._work.items())
        slowness = spent / expected if expected else 1.0
        return sum(
            max(0, work.total - work.done)
            * (work.spent_s / work.done if work.done else slowness * REFERENCE_S[kind])
            for kind, work in self._work.items()
        )

    def skip(self, kind: str, units: int) -> None:
        """Take work out of the plan that an earlier run has done."""
        self._work[kind].total -= units

    def did(self, kind: str, units: int, doing: str) -> None:
        """Count work that is done. The time since the last call belongs to it.

        Args:
            kind: of the work.
            units: clips or batches.
            doing: description of the current work, for the line that changes.
        """
        now_s, work = self._clock(), self._work[kind]
        work.done += units
        work.spent_s += now_s - self._last_s
        self._last_s = now_s
        self.show(doing)

    def show(self, doing: str) -> None:
        """Show the current work and the time left on the terminal, twice a second at most."""
        now_s = self._clock()
        if self._stream.isatty() and now_s - self._shown_s >= REFRESH_S:
            self._shown_s = now_s
            left = f", {duration(self.left_s)} left"
            self._stream.write(f"{CLEAR}{doing[: COLUMNS - len(left)]}{left}")
            self._stream.flush()

    def say(self, line: str) -> None:
        """Print a line that stays, with the time left."""
        self.clear()
        left_s = self.left_s
        self._print(f"{line}, {duration(left_s)} left" if left_s else line)

    def clear(self) -> None:
        """Remove the line that changes."""
        if self._stream.isatty():
            self._stream.write(CLEAR)
            self._stream.flush()


def duration(seconds: float) -> str:
    """Format a duration in its two largest units: ``2 h 05 min``."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def nothing(kind: str, units: int, doing: str) -> None:
    """Count nothing, where no time is estimated."""
    del kind, units, doing
