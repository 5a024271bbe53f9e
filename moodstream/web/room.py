"""The page's state of one room: its scene, its last hour and the sums of this minute."""

from collections import deque
from typing import Any

from moodstream.history.columns import Tally
from moodstream.history.database import Event
from moodstream.messages.received import Received, parse
from moodstream.watch.scene import STALE_S, Scene

HOUR_S = 3600.0
TRAIL_S = 600.0
MAX_CHANGES = 1500
MAX_TRAIL = 320
TRAIL_STEP_S = 2.0
"""Shortest time between two points of the trail."""
NO_BROKER, OFFLINE, UNHEARD = "no_broker", "offline", "unheard"
"""Keys for times without a state: broker unreachable, daemon offline, daemon silent."""
ABSENT = (NO_BROKER, OFFLINE, UNHEARD)
SHORTEST_ABSENCE_S = 2.0
"""Shortest interruption that counts, seconds; connecting causes shorter ones."""
UNKNOWN = "unknown"
"""Key for times when the page did not run."""
MAX_EVENTS = 500
"""Largest number of a room's events that wait to be written."""


class Room:
    """A room, built from the messages of its daemon.

    Args:
        prefix: the first part of the daemon's topics.
        now_s: the time of a monotonic clock, seconds.
        wall_s: the same time, seconds since 1970.
    """

    def __init__(self, prefix: str, now_s: float, wall_s: float) -> None:
        self.prefix = prefix
        self.scene = Scene(now_s)
        self.tally = Tally()
        self.changes: deque[tuple[float, str]] = deque([(wall_s, UNKNOWN)], MAX_CHANGES)
        """Times and keys of the last hour; each key holds until the next."""
        self.trail: deque[tuple[float, float, float]] = deque(maxlen=MAX_TRAIL)
        """Time, valence and arousal of the last minutes."""
        self.events: deque[Event] = deque(maxlen=MAX_EVENTS)
        """Events that wait to be written."""
        self.missing = 0
        """Number of events that never arrived."""
        self._seq: int | None = None
        self._event_time = ""
        self._looked_s = now_s

    def key(self, now_s: float) -> str:
        """Return the mood, the status, or the reason why nothing is known."""
        scene = self.scene
        if scene.problem:
            return NO_BROKER
        if scene.online is False:
            return OFFLINE
        if scene.state is None or scene.age_s(now_s) > STALE_S:
            return UNHEARD
        return scene.state.mood or scene.state.status

    def take(self, name: str, payload: bytes, now_s: float, wall_s: float) -> None:
        """Process a message.

        Args:
            name: the topic below the prefix.
            payload: its untrusted content.
            now_s: the time of its arrival, seconds.
            wall_s: the same time, seconds since 1970.
        """
        if name == "event":
            self._take_event(parse(payload), wall_s)
            return
        self.look(now_s, wall_s)
        self.scene.take(name, payload, now_s)
        self._note(now_s, wall_s)
        state = self.scene.state
        if name != "current" or state is None or state.valence is None or state.arousal is None:
            return
        if not self.trail or wall_s - self.trail[-1][0] >= TRAIL_STEP_S:
            self.trail.append((round(wall_s, 1), state.valence, state.arousal))

    def link(self, problem: str, now_s: float, wall_s: float) -> None:
        """Process a change of the connection to the broker."""
        self.look(now_s, wall_s)
        self.scene.link(problem, now_s)
        self._note(now_s, wall_s)

    def look(self, now_s: float, wall_s: float) -> bool:
        """Count the time since the last call; return whether the key has changed."""
        key = self.key(now_s)
        self.tally.process(key, self.scene.state, max(0.0, now_s - self._looked_s))
        self._looked_s = now_s
        return self._note(now_s, wall_s)

    def snapshot(self, now_s: float, wall_s: float) -> dict[str, Any]:
        """Return everything that a page shows, ready for JSON."""
        begin_s = wall_s - HOUR_S
        changes = [*self.changes]
        while len(changes) > 1 and changes[1][0] <= begin_s:
            del changes[0]
        return {
            **self.link_news(now_s, wall_s),
            "room": self.prefix,
            "state": shown(self.scene.state),
            "heard": round(wall_s - self.scene.age_s(now_s), 2),
            "changes": [(round(time_s, 1), key) for time_s, key in changes],
            "trail": [point for point in self.trail if point[0] >= wall_s - TRAIL_S],
            "health": self.scene.counters,
        }

    def link_news(self, now_s: float, wall_s: float) -> dict[str, Any]:
        """Return the state of the connection to the daemon, ready for JSON."""
        return {
            "now": round(wall_s, 2),
            "key": self.key(now_s),
            "problem": self.scene.problem,
            "online": self.scene.online,
            "missing": self.missing,
            "unreadable": self.scene.unreadable,
        }

    def remember(self, changes: list[tuple[float, str]], seq: int | None) -> None:
        """Restore the last hour from the history of an earlier run of the page."""
        self.changes.clear()
        self.changes.extend(changes)
        self._seq = seq

    def _note(self, now_s: float, wall_s: float) -> bool:
        key = self.key(now_s)
        if self.changes[-1][1] == key:
            return False
        if key == UNHEARD and self.scene.state is not None:
            # Silence of the daemon is noticed late.
            wall_s -= max(0.0, self.scene.age_s(now_s) - STALE_S)
        last_s, last = self.changes[-1]
        if last in ABSENT and wall_s - last_s < SHORTEST_ABSENCE_S:
            self.changes.pop()
            if self.events and self.events[-1].key == last:
                self.events.pop()
        self.changes.append((wall_s, key))
        # The daemon sends no event when it only reconnects.
        if key in ABSENT or last in (*ABSENT, UNKNOWN):
            self.events.append(Event(int(wall_s * 1000), self.prefix, key))
        return True

    def _take_event(self, event: Received | None, wall_s: float) -> None:
        """Keep an event once; count missing events before it."""
        if event is None:
            return
        missing = 0
        seq = event.seq
        if seq is not None and self._seq is not None:
            if seq == self._seq or (seq < self._seq and event.time <= self._event_time):
                return  # sent again
            missing = max(0, seq - self._seq - 1)
        self._seq, self._event_time = seq, event.time
        self.missing += missing
        key = event.mood or event.status
        self.events.append(Event(int(wall_s * 1000), self.prefix, key, seq, missing))


def shown(state: Received | None) -> dict[str, Any] | None:
    """Return a state in the form that a page shows, ready for JSON."""
    if state is None:
        return None
    return {
        "status": state.status,
        "mood": state.mood,
        "confidence": state.confidence,
        "quadrant": state.quadrant,
        "valence": state.valence,
        "arousal": state.arousal,
        "scores": state.scores,
        "heard": state.heard,
        "level": state.level_dbfs,
        "since": state.since,
        "time": state.time,
        "source": state.source,
    }
