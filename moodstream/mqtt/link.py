"""The publisher's connection to the broker, as it comes and goes."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from moodstream.log import get_logger
from moodstream.mqtt.connection import Connection

if TYPE_CHECKING:  # what needs no broker does not import paho
    from paho.mqtt import client as paho
    from paho.mqtt.properties import Properties
    from paho.mqtt.reasoncodes import ReasonCode

ONLINE, OFFLINE = "online", "offline"
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

Listener = Callable[[bytes], None]
"""Takes the payload of a message that arrived, in paho's thread."""

log = get_logger()


class Link:
    """Connects for as long as it lives, says whether we are there, and what is wrong.

    Its callbacks are called in paho's thread, which holds a lock that publishing takes, too.

    Args:
        connection: to the broker.
        client_id: one a daemon; a second client of this name throws the first one out.
        availability: topic that says whether we are there, also as last will.
        listeners: who is told what arrives at which topic; retained messages are not passed on,
            as what they ask for would be done again after each reconnection.
        on_up: called whenever there is a connection ...
        on_down: ... and there is none any more.
        on_answer: takes paho's number of a message and whether the broker has refused it.
    """

    def __init__(
        self,
        connection: Connection,
        client_id: str,
        availability: str,
        listeners: Mapping[str, Listener],
        on_up: Callable[[], None],
        on_down: Callable[[], None],
        on_answer: Callable[[int, bool], None],
    ) -> None:
        self._connection, self._availability = connection, availability
        self._listeners = listeners
        self._on_up, self._on_down, self._on_answer = on_up, on_down, on_answer
        self._told: set[str] = set()
        self._answer: ReasonCode | None = None  # to our attempt to connect
        self._client = connection.client(client_id)
        self._client.will_set(availability, OFFLINE, qos=1, retain=True)
        self._client.on_connect = self._on_connect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_disconnect = self._on_disconnect
        self._client.on_publish = self._on_publish
        self._client.on_message = self._on_message
        self._client.on_subscribe = self._on_subscribe

    def open(self) -> None:
        """Connect in the background, as often as it takes."""
        self._connection.open(self._client)

    def publish(self, topic: str, payload: str, *, retain: bool = False) -> int:
        """Hand a message to paho; it sends it again until the broker answers to its number."""
        return self._client.publish(topic, payload, qos=1, retain=retain).mid

    def say_online(self) -> None:
        """Say that we are there, behind all that was published before."""
        self.publish(self._availability, ONLINE, retain=True)

    def close(self, within_s: float, *, connected: bool, remove: Sequence[str] = ()) -> None:
        """Say offline if there is a connection, and end it.

        Args:
            within_s: seconds that this may take; half of them may go to waiting for the broker.
            connected: whether there is a connection.
            remove: topics that shall retain nothing any more.
        """
        until_s = time.monotonic() + within_s
        if connected:
            for topic in remove:
                self._client.publish(topic, "", qos=1, retain=True)
            farewell = self._client.publish(self._availability, OFFLINE, qos=1, retain=True)
            with suppress(RuntimeError):  # the broker has gone in this very moment
                farewell.wait_for_publish(within_s / 2)
        self._client.disconnect()
        # paho's thread may be trying to connect to a host that does not answer.
        ending = threading.Thread(target=self._client.loop_stop, daemon=True)
        ending.start()
        ending.join(until_s - time.monotonic())
        self._client.on_connect = self._client.on_disconnect = self._client.on_publish = None

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
        if self._listeners:
            client.subscribe([(topic, 1) for topic in self._listeners])
        self._on_up()

    def _on_disconnect(
        self,
        client: paho.Client,
        userdata: object,
        flags: paho.DisconnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        del client, userdata, flags, properties
        self._on_down()
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
        self._on_answer(mid, reason.is_failure)

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
            hints = [f"{reason}; {HINTS[words]}" for words in HINTS if words in told]
            log.warning(trouble, broker=broker, reason=next(iter(hints), str(reason)))
