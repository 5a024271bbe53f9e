"""All rooms: messages from the broker in, updates for pages and minutes for the history out."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from moodstream.history.columns import Span
from moodstream.history.database import Event
from moodstream.log import Seldom
from moodstream.mqtt.subscriber import TOPICS
from moodstream.web.feed import Feed
from moodstream.web.room import UNKNOWN, Room, shown

MAX_ROOMS = 2000
MAX_PREFIX = 250
"""Longest prefix of a room, characters; with wildcards, anybody may choose it."""
MAX_WAITING_EVENTS = 20_000
TICK_S = 1.0
"""Seconds between two checks of all rooms."""

Arrival = tuple[bytes, float, float]
"""A payload, and its time by both clocks, seconds."""


class Rooms:
    """The rooms, by their prefix.

    Messages come in the thread of the broker's client. Everything else belongs to one event loop.
    Only the newest state of each room waits, so 500 rooms cost at most 500 updates a second. States
    of a room that somebody watches are processed immediately.

    Args:
        fixed: prefixes that are shown even without any message.
    """

    def __init__(self, fixed: list[str]) -> None:
        self._lock = threading.Lock()
        self._latest: dict[tuple[str, str], Arrival] = {}
        self._events: deque[tuple[str, Arrival]] = deque(maxlen=MAX_WAITING_EVENTS)
        self._problem: str | None = None
        self._watched: frozenset[str] = frozenset()
        self._wake: Callable[[], None] = _ignore
        self._is_awake = False
        self._seldom = Seldom()
        self.messages = 0
        """Number of messages that have arrived."""
        self.problem = "not connected yet"
        """Problem with the connection to the broker; empty for none."""
        self.rooms: dict[str, Room] = {}
        self.feeds: dict[str, Feed] = {}
        """The feed of each room that was watched."""
        self.overview = Feed(self.list_rooms)
        """The feed of the list of rooms."""
        self._rows: dict[str, list[Any]] = {}
        for prefix in fixed:
            self._room(prefix)

    def arrived(self, topic: str, payload: bytes) -> None:
        """Receive a message, in any thread."""
        prefix, _, name = topic.rpartition("/")
        if name not in TOPICS or not prefix or len(prefix) > MAX_PREFIX:
            return
        arrival = payload, time.monotonic(), time.time()
        with self._lock:
            self.messages += 1
            if name == "event":
                self._events.append((prefix, arrival))
                return
            self._latest[prefix, name] = arrival
            if len(self._latest) > len(TOPICS) * MAX_ROOMS:
                self._latest.popitem()
            if prefix not in self._watched or self._is_awake:
                return
            self._is_awake = True
        self._wake()

    def linked(self, problem: str) -> None:
        """Receive a change of the connection to the broker, in any thread."""
        with self._lock:
            self._problem = problem
        self._wake()

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Set the event loop that processes the messages."""

        def wake() -> None:
            try:
                loop.call_soon_threadsafe(self.take_watched)
            except RuntimeError:  # the loop has ended
                return

        self._wake = wake

    def take_watched(self) -> None:
        """Process the messages of the rooms that somebody watches."""
        self._take(only=self._watched)

    def tick(self) -> None:
        """Process all messages, check all clocks, and update the list of rooms."""
        self._watched = frozenset(name for name, feed in self.feeds.items() if feed.followers)
        self._take(only=None)
        now_s, wall_s = time.monotonic(), time.time()
        for room in self.rooms.values():
            if room.look(now_s, wall_s):
                self._tell(room, "link", room.link_news(now_s, wall_s))
        if self.overview.followers:
            self._tell_overview(now_s, wall_s)

    def feed(self, prefix: str) -> Feed | None:
        """Return the feed of a room; None for an unknown room."""
        room = self.rooms.get(prefix)
        if room is None:
            return None
        if prefix not in self.feeds:
            self.feeds[prefix] = Feed(lambda: room.snapshot(time.monotonic(), time.time()))
        self._watched |= {prefix}
        return self.feeds[prefix]

    def close(self) -> None:
        """End the feeds of all pages, and note in the history that the page stops."""
        now_ms = int(time.time() * 1000)
        for prefix, room in self.rooms.items():
            room.events.append(Event(now_ms, prefix, UNKNOWN))
        for feed in (self.overview, *self.feeds.values()):
            feed.close()

    def minute(self) -> tuple[list[tuple[str, Span]], list[Event]]:
        """Return the sums since the last call by room, and the events that wait."""
        spans: list[tuple[str, Span]] = []
        events: list[Event] = []
        for prefix, room in self.rooms.items():
            if span := room.tally.take():
                spans.append((prefix, span))
            events += room.events
            room.events.clear()
        return spans, events

    def remember(self, events: list[Event], until_s: float) -> None:
        """Restore the changes that an earlier run of the page has written.

        Args:
            events: changes of the last hours, in order.
            until_s: end of that run, seconds since 1970.
        """
        by_room: dict[str, list[Event]] = {}
        for event in events:
            by_room.setdefault(event.prefix, []).append(event)
        for prefix, own in by_room.items():
            if room := self._room(prefix):
                seqs = [event.seq for event in own if event.seq is not None]
                changes = [(event.time_ms / 1000, event.key) for event in own]
                if changes[-1][1] != UNKNOWN:  # it was not stopped cleanly
                    changes.append((max(until_s, changes[-1][0]), UNKNOWN))
                room.remember(changes, seqs[-1] if seqs else None)

    def list_rooms(self) -> dict[str, Any]:
        """Return a row for each room, ready for JSON."""
        now_s, wall_s = time.monotonic(), time.time()
        self._rows = {prefix: row(room, now_s, wall_s) for prefix, room in self.rooms.items()}
        return {"now": round(wall_s, 2), "problem": self.problem, "rooms": [*self._rows.values()]}

    def _take(self, only: frozenset[str] | None) -> None:
        with self._lock:
            self._is_awake = False
            problem, self._problem = self._problem, None
            if only is None:
                latest, self._latest = self._latest, {}
            else:
                keys = [(prefix, name) for prefix in only for name in TOPICS]
                latest = {key: self._latest.pop(key) for key in keys if key in self._latest}
            events = [*self._events]
            self._events.clear()
        if problem is not None:
            self._link(problem)
        for prefix, arrival in events:
            if room := self._room(prefix):
                room.take("event", *arrival)
        for (prefix, name), arrival in latest.items():
            if room := self._room(prefix):
                room.take(name, *arrival)
                self._tell_message(room, name, *arrival[1:])

    def _link(self, problem: str) -> None:
        self.problem = problem
        now_s, wall_s = time.monotonic(), time.time()
        for room in self.rooms.values():
            room.link(problem, now_s, wall_s)
            self._tell(room, "link", room.link_news(now_s, wall_s))

    def _room(self, prefix: str) -> Room | None:
        if prefix not in self.rooms:
            if len(self.rooms) >= MAX_ROOMS:
                self._seldom.warning("too many rooms, further ones are not shown", shown=MAX_ROOMS)
                return None
            room = Room(prefix, time.monotonic(), time.time())
            room.scene.problem = self.problem
            self.rooms[prefix] = room
        return self.rooms[prefix]

    def _tell_message(self, room: Room, name: str, now_s: float, wall_s: float) -> None:
        news = room.link_news(now_s, wall_s)
        if name == "current":
            self._tell(room, "state", {**news, "state": shown(room.scene.state)})
        elif name == "health":
            self._tell(room, "health", {**news, "health": room.scene.counters})
        else:
            self._tell(room, "link", news)

    def _tell(self, room: Room, name: str, data: dict[str, Any]) -> None:
        if feed := self.feeds.get(room.prefix):
            feed.publish(name, data)

    def _tell_overview(self, now_s: float, wall_s: float) -> None:
        changed = []
        for prefix, room in self.rooms.items():
            new = row(room, now_s, wall_s)
            if self._rows.get(prefix) != new:
                self._rows[prefix] = new
                changed.append(new)
        news = {"now": round(wall_s, 2), "problem": self.problem, "rooms": changed}
        self.overview.publish("rooms", news)


def row(room: Room, now_s: float, wall_s: float) -> list[Any]:
    """Return a room in the list: prefix, key, last message, valence, arousal, level, lost, version.

    Args:
        room: the room.
        now_s: the time of the monotonic clock, seconds.
        wall_s: the same time, seconds since 1970.
    """
    state, counters = room.scene.state, room.scene.counters
    heard_s = None if state is None else round(wall_s - room.scene.age_s(now_s))
    return [
        room.prefix,
        room.key(now_s),
        heard_s,
        state and state.valence,
        state and state.arousal,
        state and state.level_dbfs,
        room.missing,
        counters.get("lost_samples", ""),
        counters.get("version", ""),
    ]


def _ignore() -> None:
    pass
