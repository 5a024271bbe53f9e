"""Moods over MQTT: the newest state retained, every event once or more, a last will."""

import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from moodstream.log import get_logger
from moodstream.messages.published import Message, encode
from moodstream.mqtt.homeassistant import Discovery
from moodstream.mqtt.identity import Presence
from moodstream.mqtt.journal import Journal
from moodstream.mqtt.journal_file import Event
from moodstream.mqtt.link import Link, Listener

FAREWELL_S = 3.0
"""How long stopping may take: half of it for what waits, then to say offline."""

log = get_logger()


@dataclass
class _Slot:
    """The newest message of a kind that is retained."""

    message: Message
    is_new: bool = True
    mid: int | None = None
    """paho's number of the one that is on its way."""


class Publisher:
    """Publishes states and events, connecting and reconnecting for as long as it lives.

    paho's own queue would replay thousands of stale states, or refuse the newest, after the
    broker was away. So no more than one message of each kind is in its hands: behind it wait
    the newest of each retained topic, and the journal of events, in order. With each connection
    we are online only once the newest state is on its way: until then an older one is retained.

    All of this belongs to one thread, which takes calls and paho's callbacks from an inbox: paho
    holds a lock of its own while it calls back, and publishing takes the same one.

    Args:
        presence: where it publishes, and as whom.
        journal: of the events that wait; the publisher closes it.
        listeners: who is told what arrives at which of our topics, retained messages excepted.
    """

    def __init__(
        self,
        presence: Presence,
        journal: Journal,
        listeners: Mapping[str, Listener] = MappingProxyType({}),
    ) -> None:
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="publisher", daemon=True)
        self._connections = 0
        self._leaving = False
        self._slots: dict[str, _Slot] = {}
        self._journal, self._listeners = journal, listeners
        self._wanted = presence
        self._settle(presence)

    @property
    def lost_events(self) -> int:
        """Events that had to be dropped, earlier runs included."""
        return self._journal.lost

    @property
    def waiting_events(self) -> int:
        """Events that the broker does not have yet."""
        return self._journal.waiting

    @property
    def reconnects(self) -> int:
        """How often the connection had to be made again."""
        return max(0, self._connections - 1)

    def start(self) -> None:
        """Connect in the background, as often as it takes."""
        self._link.open()
        self._thread.start()

    def state(self, message: Message) -> None:
        """Publish the newest state; one that could not be sent yet is replaced."""
        self._inbox.put(partial(self._take, "current", message))

    def health(self, message: Message) -> None:
        """Publish the newest counters, likewise."""
        self._inbox.put(partial(self._take, "health", message))

    def event(self, message: Message) -> None:
        """Publish an event, now or when the broker is back."""
        self._inbox.put(partial(self._take_event, message))

    def move(self, presence: Presence) -> None:
        """Go on elsewhere, or as somebody else, with all that waits; offline is said here."""
        if presence != self._wanted:
            self._wanted = presence
            self._inbox.put(partial(self._depart, presence))

    def stop(self) -> None:
        """Send what is left, say offline, and disconnect."""
        until_s = time.monotonic() + FAREWELL_S
        self._inbox.put(self._leave)
        self._thread.join(FAREWELL_S / 2)
        if left := self._journal.waiting:
            log.warning("events not delivered", count=left, kept=self._journal.outlives)
        self._link.close(until_s - time.monotonic(), connected=self._connected)
        if not self._thread.is_alive():
            self._journal.close()

    def _announce(self, discovery: Discovery, homeassistant_status: bytes) -> None:
        if homeassistant_status == b"online":
            self._inbox.put(partial(self._take, "discovery", discovery.message))

    # What follows runs in the publisher's thread alone.

    def _work(self) -> None:
        while not (self._leaving and (self._idle() or not self._connected)):
            self._inbox.get()()
            if self._connected:
                self._send()
            self._journal.sync()  # after sending, as a memory card may take its time

    def _settle(self, presence: Presence) -> None:
        """Make ready to connect; what waits has not been sent to anybody yet."""
        self._presence = presence
        self._connected = self._online = False
        self._journal.give_back()
        self._event_mid: int | None = None
        wanted = presence.retained
        self._slots = {kind: _Slot(s.message) for kind, s in self._slots.items() if kind in wanted}
        listeners = {presence.topic(name): tell for name, tell in self._listeners.items()}
        if discovery := presence.discovery:
            self._take("discovery", discovery.message)
            listeners[discovery.status_topic] = partial(self._announce, discovery)
        put = self._inbox.put
        self._link = Link(
            presence.connection,
            presence.client_id,
            presence.topic("availability"),
            listeners,
            on_up=lambda: put(self._connect),
            on_down=lambda: put(self._disconnect),
            on_answer=lambda mid, is_refused: put(partial(self._acknowledge, mid, is_refused)),
        )

    def _depart(self, presence: Presence) -> None:
        """Leave the broker, and nothing there that nobody would renew."""
        before, there = self._presence, presence.connection.address
        stays = presence.retained.values() if before.connection.address == there else ()
        gone = [topic for topic in before.retained.values() if topic not in stays]
        connected, self._connected = self._connected, False
        self._link.close(FAREWELL_S, connected=connected, remove=gone)
        # Behind all that the link still had to tell.
        self._inbox.put(partial(self._arrive, presence))

    def _arrive(self, presence: Presence) -> None:
        if presence is self._wanted:  # still
            self._settle(presence)
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
            slot.is_new = True  # a broker that was restarted has forgotten what it retained

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
        """Hand to paho what may go."""
        if event := self._journal.take():
            self._event_mid = self._link.publish(self._presence.topic("event"), event.payload)
        for kind, topic in self._presence.retained.items():
            slot = self._slots.get(kind)
            if slot and slot.is_new and slot.mid is None:
                slot.is_new = False
                slot.mid = self._link.publish(topic, encode(slot.message), retain=True)
        current = self._slots.get("current")
        if not self._online and current and not current.is_new:
            self._online = True
            self._link.say_online()
