"""What a subscriber sees."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from paho.mqtt import client as paho

from moodstream.connection import Connection


@contextmanager
def subscribed(
    connection: Connection, prefix: str, on_message: Callable[[str, bytes], None]
) -> Iterator[None]:
    """Call back with topic and payload of everything below a prefix, in a thread of its own."""

    def connected(client: paho.Client, *_: object) -> None:
        client.subscribe(f"{prefix}/#", qos=1)

    def arrived(client: paho.Client, userdata: object, message: paho.MQTTMessage) -> None:
        del client, userdata
        on_message(message.topic, bytes(message.payload))

    client = connection.client()
    client.on_connect = connected
    client.on_message = arrived
    connection.open(client)
    try:
        yield
    finally:
        client.disconnect()
        client.loop_stop()


def line(topic: str, payload: bytes) -> str:
    """A message on one line, for people."""
    try:
        message = json.loads(payload)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        return f"{topic:<18}  {payload.decode(errors='replace')}"
    return f"{topic:<18}  {_clock(message)}  {_mood(message)}"


def _clock(message: dict[str, Any]) -> str:
    return str(message.get("time", ""))[11:19]


def _mood(message: dict[str, Any]) -> str:
    parts = [f"{message.get('status', ''):<10}", f"{message.get('mood') or '-':<9}"]
    for key, form in (
        ("confidence", "{:4.0%}"),
        ("quadrant", "{}"),
        ("valence", "valence {:+.2f}"),
        ("arousal", "arousal {:+.2f}"),
        ("level_dbfs", "{:6.1f} dBFS"),
        ("seq", "#{}"),
    ):
        if message.get(key) is not None:
            parts.append(form.format(message[key]))
    return "  ".join(parts)
