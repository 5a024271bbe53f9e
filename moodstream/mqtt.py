"""Moods over MQTT: the newest state retained, every event once or more, a last will."""

import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import structlog

from moodstream.connection import Connection
from moodstream.homeassistant import Discovery
from moodstream.journal import Journal
from moodstream.journal_file import Event
from moodstream.link import FAREWELL_S, Link, Listener
from moodstream.message import Message, encode

log = structlog.get_logger()


@dataclass
class _Slot:
    """The newest message of a retained topic."""

    message: Message
    is_new: bool = True
    mid: int | None = None
    """paho's number of the one that is on its way."""


class Publisher:
    """Publishes states and events, connecting and reconnecting for as long as it lives.

    paho's own queue would replay thousands of stale states, or refuse the newest, after the
    broker was away. So no more than one message of each kind is in its hands: behind it wait
    the newest of each retained topic, and the journal of events, in order.

    All of this belongs to one thread, which takes calls and paho's callbacks from an inbox: paho
    holds a lock of its own while it calls back, and publishing takes the same one.

    Args:
        connection: to the broker.
        prefix: of the topics.
        client_id: one a daemon, at one broker.
        journal: of the events that wait; the publisher closes it.
        listeners: who is told what arrives at which topic, retained messages excepted.
        discovery: announces the device to Home Assistant; None announces nothing.
    """

    def __init__(
        self,
        connection: Connection,
        prefix: str,
        client_id: str,
        journal: Journal,
        listeners: Mapping[str, Listener] = MappingProxyType({}),
        discovery: Discovery | None = None,
    ) -> None:
        self._prefix = prefix
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="publisher", daemon=True)
        self._connections = 0
        self._connected = False
        self._leaving = False
        self._slots: dict[str, _Slot] = {}
        self._journal = journal
        self._event_mid: int | None = None
        if discovery:
            self.retain(discovery.topic, discovery.message)
            listeners = {**listeners, discovery.status_topic: partial(self._announce, discovery)}
        put = self._inbox.put
        self._link = Link(
            connection,
            client_id,
            self.topic("availability"),
            listeners,
            on_up=lambda: put(self._connect),
            on_down=lambda: put(self._disconnect),
            on_answer=lambda mid, is_refused: put(partial(self._acknowledge, mid, is_refused)),
        )

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

    def topic(self, name: str) -> str:
        """The full name of one of our topics."""
        return f"{self._prefix}/{name}"

    def start(self) -> None:
        """Connect in the background, as often as it takes."""
        self._link.open()
        self._thread.start()

    def state(self, message: Message) -> None:
        """Publish the newest state; one that could not be sent yet is replaced."""
        self.retain(self.topic("current"), message)

    def health(self, message: Message) -> None:
        """Publish the newest counters, likewise."""
        self.retain(self.topic("health"), message)

    def retain(self, topic: str, message: Message) -> None:
        """Publish the newest message of a topic, now and after each reconnection."""
        self._inbox.put(partial(self._take, topic, message))

    def event(self, message: Message) -> None:
        """Publish an event, now or when the broker is back."""
        self._inbox.put(partial(self._take_event, message))

    def stop(self) -> None:
        """Send what is left, say offline, and disconnect."""
        self._inbox.put(self._leave)
        self._thread.join(FAREWELL_S)
        if left := self._journal.waiting:
            log.warning("events not delivered", count=left, kept=self._journal.outlives)
        self._link.close(connected=self._connected)
        if not self._thread.is_alive():
            self._journal.close()

    def _announce(self, discovery: Discovery, homeassistant_status: bytes) -> None:
        if homeassistant_status == b"online":
            self.retain(discovery.topic, discovery.message)

    # What follows runs in the publisher's thread alone.

    def _work(self) -> None:
        while not (self._leaving and (self._idle() or not self._connected)):
            self._inbox.get()()
            if self._connected:
                self._send()
            self._journal.sync()  # after sending, as a memory card may take its time

    def _take(self, topic: str, message: Message) -> None:
        slot = self._slots.setdefault(topic, _Slot(message))
        slot.message, slot.is_new = message, True

    def _take_event(self, message: Message) -> None:
        self._journal.append(Event(message["seq"], encode(message)))

    def _leave(self) -> None:
        self._leaving = True

    def _connect(self) -> None:
        self._connected = True
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
            self._event_mid = self._link.publish(self.topic("event"), event.payload)
        for topic, slot in self._slots.items():
            if slot.is_new and slot.mid is None:
                slot.is_new = False
                slot.mid = self._link.publish(topic, encode(slot.message), retain=True)
