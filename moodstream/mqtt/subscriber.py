"""Listens at the broker to what a daemon publishes."""

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from paho.mqtt import client as paho
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from moodstream.messages.received import MAX_BYTES
from moodstream.mqtt.connection import Connection

TOPICS = ("current", "event", "availability", "health")
"""What a daemon publishes below its prefix."""


@contextmanager
def subscribed(
    connection: Connection,
    prefix: str,
    on_message: Callable[[str, bytes], None],
    on_link: Callable[[str], object] = str,
    topics: Sequence[str] = TOPICS,
) -> Iterator[paho.Client]:
    """Call back with what a daemon publishes; connects, and again, for as long as it takes.

    Both functions are called in the connection's own thread.

    Args:
        connection: to the broker.
        prefix: of the daemon's topics.
        on_message: takes the full topic and the payload, of which one byte more than is ever
            read.
        on_link: takes what is wrong with the connection, "" once there is one; by default
            nobody is told.
        topics: below the prefix.
    """
    refused = threading.Event()

    def connected(
        client: paho.Client,
        userdata: object,
        flags: paho.ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        del userdata, flags, properties
        if reason.is_failure:
            on_link(f"the broker refuses: {reason}")
            refused.set()
            return
        refused.clear()
        client.subscribe([(f"{prefix}/{name}", 1) for name in topics])
        on_link("")

    def disconnected(client: paho.Client, *_: object) -> None:
        del client
        if not refused.is_set():  # of a refusal, the reason is told
            on_link("the connection was lost")

    def unreachable(client: paho.Client, userdata: object) -> None:
        del client, userdata
        on_link(f"not reached: {sys.exc_info()[1]}")  # paho tells in no other way

    def arrived(client: paho.Client, userdata: object, message: paho.MQTTMessage) -> None:
        del client, userdata
        on_message(message.topic, bytes(message.payload[: MAX_BYTES + 1]))

    client = connection.client()
    client.reconnect_delay_set(1, 5)
    client.on_connect = connected
    client.on_connect_fail = unreachable
    client.on_disconnect = disconnected
    client.on_message = arrived
    connection.open(client)
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()
