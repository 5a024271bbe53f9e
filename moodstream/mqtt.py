"""Moods over MQTT: the newest state retained, every event once or more, a last will."""

import queue
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import structlog
from paho.mqtt import client as paho
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from moodstream.connection import Connection
from moodstream.journal import Journal
from moodstream.journal_file import Event
from moodstream.message import Message, encode

HINTS = {
    "Bad user name or password": "see mqtt.username and the password",
    "Not authorized": "see mqtt.username and the password, and the broker's access list",
    "Client identifier not valid": "set mqtt.client_id",
    "Unsupported protocol version": "set mqtt.version to the other one",
    "did not answer": "it may want a certificate (mqtt.cert_file), or not speak this mqtt.version",
    "certificate verify failed": "mqtt.ca_file must hold the authority that signed the broker's "
    "certificate, and mqtt.url must call the broker by the certificate's name",
}
"""What to do about what is wrong, by paho's or OpenSSL's words for it."""
ONLINE, OFFLINE = "online", "offline"
FAREWELL_S = 2.0
"""How long stopping may wait for the broker's last acknowledgements."""

log = structlog.get_logger()


@dataclass
class _Slot:
    """The newest message of a retained topic."""

    message: Message
    is_new: bool = True
    mid: int | None = None
    """paho's number of the one that is on its way."""


Listener = Callable[[bytes], None]
"""Takes the payload of a message that arrived, in paho's thread."""


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
        client_id: one a daemon; a second client of this name throws the first one out.
        journal: of the events that wait; the publisher closes it.
        listeners: who is told what arrives at which topic; retained messages are not passed on,
            as what they ask for would be done again after each reconnection.
    """

    def __init__(
        self,
        connection: Connection,
        prefix: str,
        client_id: str,
        journal: Journal,
        listeners: Mapping[str, Listener] = MappingProxyType({}),
    ) -> None:
        self._connection, self._prefix = connection, prefix
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="publisher", daemon=True)
        self._connections = 0
        self._connected = False
        self._leaving = False
        self._slots: dict[str, _Slot] = {}
        self._journal = journal
        self._event_mid: int | None = None
        self._listeners = listeners
        self._told: set[str] = set()
        self._answer: ReasonCode | None = None  # to our attempt to connect
        self._client = connection.client(client_id)
        self._client.will_set(self.topic("availability"), OFFLINE, qos=1, retain=True)
        self._client.on_connect = self._on_connect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_disconnect = self._on_disconnect
        self._client.on_publish = self._on_publish
        self._client.on_message = self._on_message
        self._client.on_subscribe = self._on_subscribe

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
        self._connection.open(self._client)
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
        if self._connected:
            topic = self.topic("availability")
            farewell = self._client.publish(topic, OFFLINE, qos=1, retain=True)
            with suppress(RuntimeError):  # the broker has gone in this very moment
                farewell.wait_for_publish(FAREWELL_S)
        self._client.disconnect()
        self._client.loop_stop()

    # What follows, up to the callbacks, runs in the publisher's thread alone.

    def _work(self) -> None:
        while not (self._leaving and (self._idle() or not self._connected)):
            self._inbox.get()()
            if self._connected:
                self._send()
            self._journal.sync()  # after sending, as a memory card may take its time
        self._journal.close()

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
            sent = self._client.publish(self.topic("event"), event.payload, qos=1)
            self._event_mid = sent.mid
        for topic, slot in self._slots.items():
            if slot.is_new and slot.mid is None:
                slot.is_new = False
                payload = encode(slot.message)
                slot.mid = self._client.publish(topic, payload, qos=1, retain=True).mid

    # paho calls these in its own thread.

    def _on_connect(
        self,
        client: paho.Client,
        userdata: object,
        flags: paho.ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        del userdata, flags, properties
        self._answer = reason
        if reason.is_failure:
            self._complain("broker refused", reason)
            return
        self._told.clear()
        log.info("connected", broker=str(self._connection.address))
        client.publish(self.topic("availability"), ONLINE, qos=1, retain=True)
        if self._listeners:
            client.subscribe([(topic, 1) for topic in self._listeners])
        self._inbox.put(self._connect)

    def _on_disconnect(
        self,
        client: paho.Client,
        userdata: object,
        flags: paho.DisconnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        del client, userdata, flags, properties
        self._inbox.put(self._disconnect)
        answer, self._answer = self._answer, None
        if answer is None:
            self._complain("broker did not answer", reason)
        elif reason.is_failure and not answer.is_failure:
            self._complain("disconnected", reason)

    def _on_connect_fail(self, client: paho.Client, userdata: object) -> None:
        del client, userdata
        self._complain("broker not reached", sys.exc_info()[1])  # paho tells in no other way

    def _on_publish(
        self,
        client: paho.Client,
        userdata: object,
        mid: int,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        del client, userdata, properties
        if reason.is_failure:
            self._complain("broker refused a message", reason)
        self._inbox.put(partial(self._acknowledge, mid, reason.is_failure))

    def _on_subscribe(
        self,
        client: paho.Client,
        userdata: object,
        mid: int,
        reasons: list[ReasonCode],
        properties: Properties | None,
    ) -> None:
        del client, userdata, mid, properties
        for reason in reasons:
            if reason.is_failure:
                self._complain("broker refused to let commands through", reason)

    def _on_message(self, client: paho.Client, userdata: object, message: paho.MQTTMessage) -> None:
        del client, userdata
        if message.retain:
            log.warning("retained message ignored", topic=message.topic)
        elif listener := self._listeners.get(message.topic):
            listener(bytes(message.payload))

    def _complain(self, trouble: str, reason: object) -> None:
        """Log what is wrong, once until there is a connection again."""
        if (told := f"{trouble}: {reason}") not in self._told:
            self._told.add(told)
            broker = str(self._connection.address)
            hint = next((HINTS[words] for words in HINTS if words in told), None)
            log.warning(trouble, broker=broker, reason=str(reason), hint=hint)
