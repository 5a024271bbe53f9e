"""A subscriber to a daemon's messages."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from moodstream.messages.received import MAX_BYTES
from moodstream.mqtt.client import Client, Handlers
from moodstream.mqtt.connection import CLOSE_S, Connection, guest_id
from moodstream.mqtt.trouble import Trouble, hint

TOPICS = ("current", "event", "availability", "health")
"""Topics of a daemon, below its prefix."""
LONGEST_WAIT_S = 5


@contextmanager
def subscribed(
    connection: Connection,
    prefix: str | Sequence[str],
    on_message: Callable[[str, bytes], None],
    on_link: Callable[[str], None] = lambda _: None,
    topics: Sequence[str] = TOPICS,
) -> Iterator[Client]:
    """Call back with the messages of a daemon; reconnect as needed.

    Both functions are called in the connection's own thread.

    Args:
        connection: the broker, and how to reach it. prefix: the first part of the daemon's topics,
        or several; each may have wildcards. on_message: receives the full topic and the payload,
        cut one byte after the longest message that is ever read. on_link: receives the problem with
        the connection, or an empty text once it is established. topics: the topics below the
        prefix.
    """
    prefixes = (prefix,) if isinstance(prefix, str) else prefix

    def up() -> None:
        client.subscribe([f"{first}/{name}" for first in prefixes for name in topics])
        on_link("")

    def down(trouble: Trouble, reason: str) -> None:
        advice = hint(trouble, reason)
        on_link(f"{trouble}: {reason}; {advice}" if advice else f"{trouble}: {reason}")

    handlers = Handlers(
        up,
        down,
        denied=lambda reason: on_link(f"broker refused the subscription: {reason}"),
        arrived=lambda topic, payload, _: on_message(topic, payload[: MAX_BYTES + 1]),
    )
    client = Client(connection, handlers, guest_id(), longest_wait_s=LONGEST_WAIT_S)
    client.open()
    try:
        yield client
    finally:
        client.close(CLOSE_S)
