"""What a watcher knows of a daemon: built from messages, read by the dashboard."""

from collections import deque
from collections.abc import Iterator

from moodstream.messages.received import Received, counters, parse

AWAY = "away"
"""In the history: nothing was known, as broker or daemon were away."""
STALE_S = 15.0
"""Seconds after which a state is no longer believed; the longest hop is 10."""
MAX_CHANGES = 2000


class Scene:
    """The newest of everything, and the changes of the last minutes.

    Args:
        now_s: the time, seconds of any clock that does not jump.
    """

    def __init__(self, now_s: float) -> None:
        self.problem = "not connected yet"
        """What is wrong with the connection to the broker, "" if nothing."""
        self.online: bool | None = None
        """What the daemon's availability says; None before it said anything."""
        self.state: Received | None = None
        self.counters: dict[str, str] = {}
        """Of the daemon's health."""
        self.unreadable = 0
        """States that were none."""
        self._heard_s = now_s
        self._changes: deque[tuple[float, str]] = deque([(now_s, AWAY)], MAX_CHANGES)

    def link(self, problem: str, now_s: float) -> None:
        """The connection to the broker has changed."""
        self.problem = problem
        if problem:
            self.online = None  # the broker will say it again
            self._change(AWAY, now_s)

    def take(self, name: str, payload: bytes, now_s: float) -> None:
        """A message came.

        Args:
            name: the topic below the prefix.
            payload: whatever it holds.
            now_s: when it came.
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
        """Seconds since the last state."""
        return now_s - self._heard_s

    def live(self, now_s: float) -> bool:
        """Whether the state is what is heard now."""
        reached = not self.problem and self.online is not False
        return reached and self.state is not None and self.age_s(now_s) <= STALE_S

    def history(self, now_s: float, span_s: float, cells: int) -> Iterator[str]:
        """The mood, status or :data:`AWAY` at the end of each of the cells that end now."""
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
