"""The adapter around paho, which reconnects as needed and calls back with plain values."""

import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from moodstream.mqtt.connection import Connection, listening
from moodstream.mqtt.trouble import Trouble

MAX_PACKET_BYTES = 1 << 16
"""Longest packet that is accepted, bytes; commands have only a few."""
FIRST_WAIT_S, LONGEST_WAIT_S = 1, 60
"""Seconds before reconnecting."""
LASTING_S = 120.0
"""Seconds after which a connection counts as good."""
LEAVE_S = 0.2
"""Seconds that paho's thread has to end without a connection; a host may not answer it."""
_UNSPECIFIED = "Unspecified error"
"""paho's words for a connection that ends without a reason."""


def _ignore(*_: object) -> None:
    pass


@dataclass(frozen=True)
class Handlers:
    """The functions that a client calls, in paho's thread.

    paho holds a lock during the calls, and publishing needs the same lock.
    """

    up: Callable[[], None] = _ignore
    """Called whenever a connection is established."""
    down: Callable[[Trouble, str], None] = _ignore
    """Called with the kind of problem if there is no connection, and the reason in words."""
    answered: Callable[[int, str], None] = _ignore
    """Called with the number of a message, and the reason why the broker refuses it, or ""."""
    denied: Callable[[str], None] = _ignore
    """Called with the reason why the broker refuses a subscription."""
    arrived: Callable[[str, bytes, bool], None] = _ignore
    """Called with the topic and the payload of a message, and whether it was retained."""


class Client:
    """A connection to a broker that reconnects whenever it is lost.

    If connections to a broker that is there are repeatedly lost soon, the waits before reconnecting
    grow. A broker that has ended is tried again after a second, however often it ends.

    Args:
        connection: the broker, and how to reach it. handlers: the functions to call. client_id: the
        client id; a second client with this id ends our connection. will: the last will: a topic
        and its payload, retained by the broker when the connection is lost. longest_wait_s: upper
        bound of the seconds between two attempts.
    """

    def __init__(
        self,
        connection: Connection,
        handlers: Handlers,
        client_id: str,
        will: tuple[str, str] | None = None,
        longest_wait_s: int = LONGEST_WAIT_S,
    ) -> None:
        self._connection, self._handlers = connection, handlers
        self._longest_wait_s = longest_wait_s
        self._answer: ReasonCode | None = None  # of the current attempt to connect
        self._connected_s = 0.0
        self._drops = 0  # number of connections in a row that did not last
        is_5 = connection.version == "5"
        self._paho = _BoundedClient(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=MQTTProtocolVersion.MQTTv5 if is_5 else MQTTProtocolVersion.MQTTv311,
        )
        if connection.username:
            self._paho.username_pw_set(connection.username, connection.password)
        if connection.tls:
            self._paho.tls_set_context(connection.tls)
        if will:
            self._paho.will_set(*will, qos=1, retain=True)
        self._paho.reconnect_delay_set(FIRST_WAIT_S, longest_wait_s)
        self._paho.on_connect = self._on_connect
        self._paho.on_connect_fail = self._on_connect_fail
        self._paho.on_disconnect = self._on_disconnect
        self._paho.on_publish = self._on_publish
        self._paho.on_message = self._on_message
        self._paho.on_subscribe = self._on_subscribe

    def open(self) -> None:
        """Connect in the background, and retry until it works."""
        properties = None
        if self._connection.version == "5":
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            properties.MaximumPacketSize = MAX_PACKET_BYTES
        address, keepalive_s = self._connection.address, self._connection.keepalive_s
        self._paho.connect_async(address.host, address.port, keepalive_s, properties=properties)
        self._paho.loop_start()

    def publish(self, topic: str, payload: str | bytes, *, retain: bool = False) -> int:
        """Send a message with quality of service 1, repeatedly if necessary; return its number."""
        return self._paho.publish(topic, payload, qos=1, retain=retain).mid

    def subscribe(self, topics: Sequence[str]) -> None:
        """Subscribe to topics; to be called whenever a connection is established."""
        self._paho.subscribe([(topic, 1) for topic in topics])

    def close(self, within_s: float, farewell: tuple[str, str] | None = None) -> None:
        """Close the connection, without calling back.

        Args:
            within_s: upper bound of the seconds that this takes. farewell: topic and payload of a
            last retained message; up to half of the time is spent waiting for the broker's answer.
        """
        until_s = time.monotonic() + within_s
        if farewell:
            last = self._paho.publish(*farewell, qos=1, retain=True)
            if last.rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
                with suppress(RuntimeError, ValueError):  # the connection was lost meanwhile
                    last.wait_for_publish(within_s / 2)
        self._handlers = Handlers()
        left_s = until_s - time.monotonic() if self._paho.is_connected() else LEAVE_S
        self._paho.disconnect()
        ending = threading.Thread(target=self._paho.loop_stop, daemon=True)
        ending.start()
        ending.join(max(0.0, left_s))

    def _on_connect(
        self,
        client: paho.Client,
        userdata: object,
        flags: paho.ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        del client, userdata, flags, properties
        self._answer = reason
        if reason.is_failure:
            self._handlers.down(Trouble.REFUSED, str(reason))
        else:
            self._connected_s = time.monotonic()
            self._handlers.up()

    def _on_connect_fail(self, client: paho.Client, userdata: object) -> None:
        del client, userdata
        self._drops = 0  # the broker was away: it did not drop us alone
        error = sys.exc_info()[1]  # paho offers no other way to get the reason
        self._handlers.down(Trouble.UNREACHED, str(getattr(error, "strerror", None) or error))

    def _on_disconnect(
        self,
        client: paho.Client,
        userdata: object,
        flags: paho.DisconnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        del userdata, flags, properties
        answer, self._answer = self._answer, None
        is_lost = str(reason) == _UNSPECIFIED
        text = "connection lost" if is_lost else str(reason)
        if answer is None:
            # A broker may close connections so quickly that its answer is lost, too.
            self._handlers.down(
                Trouble.DROPPED if is_lost and self._drops else Trouble.SILENT, text
            )
        elif not answer.is_failure:
            lasted_s = time.monotonic() - self._connected_s
            is_dropped = lasted_s < LASTING_S and listening(self._connection.address)
            self._drops = self._drops + 1 if is_dropped else 0
            wait_s = min(FIRST_WAIT_S << max(0, min(self._drops, 16) - 1), self._longest_wait_s)
            client.reconnect_delay_set(wait_s, self._longest_wait_s)
            self._handlers.down(Trouble.DROPPED if self._drops > 1 else Trouble.LOST, text)

    def _on_publish(
        self,
        client: paho.Client,
        userdata: object,
        mid: int,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        del client, userdata, properties
        self._handlers.answered(mid, str(reason) if reason.is_failure else "")

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
                self._handlers.denied(str(reason))

    def _on_message(self, client: paho.Client, userdata: object, message: paho.MQTTMessage) -> None:
        del client, userdata
        with suppress(UnicodeDecodeError):  # of a topic: this thread would end, and never connect
            self._handlers.arrived(message.topic, bytes(message.payload), message.retain)


class _BoundedClient(paho.Client):
    """A client whose memory no broker can fill: it keeps only both ends of an overlong packet.

    A broker that speaks MQTT 5 is told not to send such a packet. With 3.1.1, a message of 256 MB
    would be in memory before anybody saw it. Its thread logs with the fields of its creator's
    thread.
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._context = copy_context()

    def _thread_main(self) -> None:
        self._context.run(super()._thread_main)

    def _sock_recv(self, bufsize: int) -> bytes:
        del self._in_packet["packet"][MAX_PACKET_BYTES:]
        return super()._sock_recv(min(bufsize, MAX_PACKET_BYTES))
