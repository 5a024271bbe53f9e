"""Programs other than the daemon that publish: demo and replay."""

import queue
import time
from contextlib import suppress

from moodstream.mqtt.connection import Connection
from moodstream.mqtt.link import ONLINE
from moodstream.mqtt.trouble import BrokerError

CONNECT_S = 3.0
RETAINED_S = 1.0
"""Seconds to wait for a retained message."""


def refuse_if_held(connection: Connection, prefix: str) -> None:
    """Refuse to publish where a daemon publishes, because subscribers would see two sources mixed.

    If the broker cannot be reached within seconds, the check is skipped.

    Raises:
        BrokerError: a daemon is online there; the message says what to do.
    """
    # Imported late: a replay that publishes nothing does not load paho.
    from moodstream.mqtt.subscriber import subscribed  # noqa: PLC0415

    links: queue.SimpleQueue[str] = queue.SimpleQueue()
    payloads: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    until_s = time.monotonic() + CONNECT_S
    with (
        subscribed(
            connection,
            prefix,
            lambda _, payload: payloads.put(payload),
            links.put,
            topics=("availability",),
        ),
        suppress(queue.Empty),
    ):
        while links.get(timeout=max(0.0, until_s - time.monotonic())):
            pass
        if payloads.get(timeout=RETAINED_S) == ONLINE.encode():
            raise BrokerError(
                f"a daemon publishes to {prefix}/ at {connection.address}: show it with "
                "'moodstream watch', or publish elsewhere with --prefix NAME"
            )
