"""A watcher's knowledge of a daemon, built from messages and read by the dashboard."""

from collections import deque
from collections.abc import Iterator

from moodstream.messages.received import Received, counters, parse

AWAY = "away"
"""Entry of the history for times when the broker or the daemon was unreachable."""
STALE_S = 15.0
"""Seconds after which a state is out of date; the longest hop is 10."""
MAX_CHANGES = 2000


class Scene:
    """The newest messages, and the changes of the last minutes.

    Args:
        now_s: the time of a monotonic clock, seconds.
    """

    def __init__(self, now_s: float) -> None:
        self.problem = "not connected yet"
        """Problem with the connection to the broker; empty for none."""
        self.online: bool | None = None
        """The daemon's availability; None before the first message about it."""
        self.state: Received | None = None
        self.counters: dict[str, str] = {}
        """Names and values of the daemon's health, for display."""
        self.unreadable = 0
        """Number of states that could not be read."""
        self._heard_s = now_s
        self._changes: deque[tuple[float, str]] = deque([(now_s, AWAY)], MAX_CHANGES)

    def link(self, problem: str, now_s: float) -> None:
        """Process a change of the connection to the broker."""
        self.problem = problem
        if problem:
            self.online = None  # the broker will send it again
            self._change(AWAY, now_s)

    def take(self, name: str, payload: bytes, now_s: float) -> None:
        """Process a message.

        Args:
            name: the topic below the prefix.
            payload: its untrusted content.
            now_s: the time, seconds.
        """
        if name == "availability":
            self.online = payload == b"online"
            if not self.online:
                self._change(AWAY, now_s)
        elif name == "health":
            self.counters = counters(payload)
        elif name == "current":
            state = parse(payload)
            if state is None:
                self.unreadable += 1
                return
            if self.age_s(now_s) > STALE_S:
                self._change(AWAY, self._heard_s + STALE_S)
            self.state, self._heard_s = state, now_s
            self._change(AWAY if self.online is False else state.mood or state.status, now_s)

    def age_s(self, now_s: float) -> float:
        """Return the seconds since the last state."""
        return now_s - self._heard_s

    def live(self, now_s: float) -> bool:
        """Return whether the state is up to date."""
        reached = not self.problem and self.online is not False
        return reached and self.state is not None and self.age_s(now_s) <= STALE_S

    def history(self, now_s: float, span_s: float, cells: int) -> Iterator[str]:
        """Yield the mood, the status or :data:`AWAY` at the end of each cell; the last ends now."""
        changes = [*self._changes]
        if self.age_s(now_s) > STALE_S:
            changes.append((self._heard_s + STALE_S, AWAY))
        key, turn = AWAY, 0
        for cell in range(cells):
            end_s = now_s - span_s * (cells - 1 - cell) / cells
            while turn < len(changes) and changes[turn][0] <= end_s:
                key = changes[turn][1]
                turn += 1
            yield key

    def _change(self, key: str, now_s: float) -> None:
        if self._changes[-1][1] != key:
            self._changes.append((now_s, key))
