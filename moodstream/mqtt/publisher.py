"""The publisher, which sends the newest state, retained, and every event at least once."""

import math
import queue
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from moodstream.log import Seldom, get_logger, thread
from moodstream.messages.published import Message, encode
from moodstream.mqtt.homeassistant import Discovery
from moodstream.mqtt.identity import Identity
from moodstream.mqtt.journal import Journal
from moodstream.mqtt.journal_file import Event
from moodstream.mqtt.link import ONLINE, Link, Listener
from moodstream.mqtt.pace import Pace

FAREWELL_S = 2.0
"""Seconds that stopping may take: half of it for what waits, then to say offline."""
BIRTH_S = 10.0
"""Seconds after which Home Assistant may request the announcement again."""

log = get_logger()


@dataclass
class _Slot:
    """Newest message of a kind."""

    message: Message
    is_new: bool = True
    mid: int | None = None
    """Number of the message being sent."""


class Publisher:
    """Publisher of states and events, which reconnects as needed.

    After an outage, paho's own queue would replay thousands of stale states, or refuse the newest.
    So paho never holds more than one message of each kind. The newest of each kind waits after it,
    and the events wait in the journal, in order. After each connection, ``online`` follows the
    newest state, because the broker retains an older one until then.

    One thread does all of this. It takes calls and paho's callbacks from an inbox, because paho
    holds a lock during callbacks, and publishing needs the same lock.

    Args:
        identity: the broker, and who publishes there.
        journal: the events that wait; the publisher closes it.
        listeners: receivers of messages, except retained ones, by the name of the topic.
        current_every_s: shortest time between two similar states, seconds.
    """

    def __init__(
        self,
        identity: Identity,
        journal: Journal,
        listeners: Mapping[str, Listener] = MappingProxyType({}),
        current_every_s: float = 0.0,
    ) -> None:
        self._pace = Pace(current_every_s)
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = thread(self._work, "publisher")
        self._connections = 0
        self._leaving = False
        self._slots: dict[str, _Slot] = {}
        self._journal, self._listeners = journal, listeners
        self._wanted = identity
        self._seldom = Seldom()
        self._born_s = -math.inf  # when Home Assistant last asked
        self._settle(identity)

    @property
    def lost_events(self) -> int:
        """Number of events dropped, including earlier runs."""
        return self._journal.lost

    @property
    def waiting_events(self) -> int:
        """Number of events that the broker does not have yet."""
        return self._journal.waiting

    @property
    def reconnects(self) -> int:
        """Number of reconnections."""
        return max(0, self._connections - 1)

    def start(self) -> None:
        """Connect in the background, and retry until it works."""
        self._link.open()
        self._thread.start()

    def state(self, message: Message) -> None:
        """Publish the newest state if it is due, in place of a state not yet sent."""
        if self._pace.is_due(message):
            self._inbox.put(partial(self._take, "current", message))

    def health(self, message: Message) -> None:
        """Publish the newest counters, in place of counters not yet sent."""
        self._inbox.put(partial(self._take, "health", message))

    def event(self, message: Message) -> None:
        """Publish an event, now or when the broker can be reached again."""
        self._inbox.put(partial(self._take_event, message))

    def move(self, identity: Identity) -> None:
        """Publish "offline", and continue with another identity and all waiting messages."""
        if identity != self._wanted:
            self._wanted = identity
            self._inbox.put(partial(self._depart, identity))

    def stop(self) -> None:
        """Send the remaining messages, publish "offline", and disconnect."""
        until_s = time.monotonic() + FAREWELL_S
        self._inbox.put(self._leave)
        self._thread.join(FAREWELL_S / 2)
        if left := self._journal.waiting:
            log.warning("events not delivered", count=left, kept=self._journal.outlives)
        self._link.close(until_s - time.monotonic(), connected=self._connected)
        if not self._thread.is_alive():
            self._journal.close()

    def _announce(self, discovery: Discovery, homeassistant_status: bytes) -> None:
        now_s = time.monotonic()
        if homeassistant_status == b"online" and now_s - self._born_s >= BIRTH_S:
            self._born_s = now_s
            self._inbox.put(partial(self._take, "discovery", discovery.message))

    def _hear_availability(self, availability: bytes) -> None:
        if availability != ONLINE.encode():  # it is not ours: we say offline last of all
            self._inbox.put(self._contradict)

    # All methods below run in the publisher's thread.

    def _work(self) -> None:
        while not (self._leaving and (self._idle() or not self._connected)):
            self._inbox.get()()
            if self._connected:
                self._send()
            self._journal.sync()  # after sending, because a memory card may be slow

    def _settle(self, identity: Identity) -> None:
        """Prepare to connect; no waiting message has been sent to this broker."""
        self._identity = identity
        self._connected = self._online = False
        self._journal.give_back()
        self._event_mid: int | None = None
        wanted = identity.latest
        self._slots = {kind: _Slot(s.message) for kind, s in self._slots.items() if kind in wanted}
        listeners = {identity.topic(name): tell for name, tell in self._listeners.items()}
        if not identity.guest:
            listeners[identity.topic("availability")] = self._hear_availability
        if discovery := identity.discovery:
            self._take("discovery", discovery.message)
            listeners[discovery.status_topic] = partial(self._announce, discovery)
        put = self._inbox.put
        self._link = Link(
            identity,
            listeners,
            on_up=lambda: put(self._connect),
            on_down=lambda: put(self._disconnect),
            on_answer=lambda mid, is_refused: put(partial(self._acknowledge, mid, is_refused)),
        )

    def _depart(self, identity: Identity) -> None:
        """Leave the broker, and remove the retained messages that nobody would renew there."""
        before, there = self._identity, identity.connection.address
        stays = identity.latest.values() if before.connection.address == there else ()
        gone = [topic for topic in before.latest.values() if topic not in stays]
        connected, self._connected = self._connected, False
        self._link.close(FAREWELL_S, connected=connected, remove=gone)
        # After all pending reports of the link.
        self._inbox.put(partial(self._arrive, identity))

    def _arrive(self, identity: Identity) -> None:
        if identity is self._wanted:  # still
            self._settle(identity)
            self._link.open()

    def _take(self, kind: str, message: Message) -> None:
        slot = self._slots.setdefault(kind, _Slot(message))
        slot.message, slot.is_new = message, True

    def _take_event(self, message: Message) -> None:
        self._journal.append(Event(message["seq"], encode(message)))

    def _leave(self) -> None:
        self._leaving = True

    def _connect(self) -> None:
        self._connected, self._online = True, False
        self._connections += 1
        for slot in self._slots.values():
            slot.is_new = True  # a restarted broker has lost its retained messages

    def _contradict(self) -> None:
        self._online = False
        self._seldom.warning(
            "another client has changed the availability, saying online again",
            prefix=self._identity.prefix,
            reason="another daemon may have left these topics: each needs its own mqtt.prefix",
        )

    def _disconnect(self) -> None:
        self._connected = False

    def _acknowledge(self, mid: int, is_refused: bool) -> None:
        if mid == self._event_mid:
            self._event_mid = None
            if is_refused:
                self._journal.refused()
            else:
                self._journal.delivered()
        for slot in self._slots.values():
            if mid == slot.mid:
                slot.mid = None

    def _idle(self) -> bool:
        return not self._journal.waiting and not any(
            slot.is_new or slot.mid for slot in self._slots.values()
        )

    def _send(self) -> None:
        """Send all messages that may be sent now."""
        retain = not self._identity.guest
        if event := self._journal.take():
            self._event_mid = self._link.publish(self._identity.topic("event"), event.payload)
        for kind, topic in self._identity.latest.items():
            slot = self._slots.get(kind)
            if slot and slot.is_new and slot.mid is None:
                slot.is_new = False
                slot.mid = self._link.publish(topic, encode(slot.message), retain=retain)
        current = self._slots.get("current")
        if not self._online and current and not current.is_new:
            self._online = True
            self._link.say_online()
