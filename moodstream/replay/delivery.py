"""Delivery of a replay's messages to the broker, with limited waiting."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from moodstream.config.sections import Config
from moodstream.messages.published import Message
from moodstream.mqtt.publisher import Publisher
from moodstream.publication import publishing_beside, running_broker

PATIENCE_S = 10.0
"""Seconds that the broker has to accept any waiting event."""
POLL_S = 0.05


class Delivery:
    """Sink that waits for the broker before the journal overflows.

    Args:
        publisher: sends the messages.
        limit: number of events that may wait.
        stop: ends the waiting.
    """

    def __init__(self, publisher: Publisher, limit: int, stop: threading.Event) -> None:
        self._publisher, self._limit, self._stop = publisher, limit, stop
        self._is_patient = True

    def state(self, message: Message) -> None:
        """Publish the state."""
        self._publisher.state(message)

    def event(self, message: Message) -> None:
        """Publish the event, after those that wait."""
        self._publisher.event(message)
        self.wait(self._limit)

    def wait(self, limit: int) -> None:
        """Wait until at most ``limit`` events wait, or the broker accepts no more."""
        left = self._publisher.waiting_events
        until_s = time.monotonic() + PATIENCE_S
        while self._is_patient and left > limit and not self._stop.wait(POLL_S):
            before, left = left, self._publisher.waiting_events
            if left < before:
                until_s = time.monotonic() + PATIENCE_S
            # Do not wait twice for a missing broker.
            self._is_patient = time.monotonic() < until_s


@contextmanager
def delivered(
    config: Config, stop: threading.Event, complain: Callable[[str], None]
) -> Iterator[Delivery]:
    """Publish to the configured broker, and report events that it did not accept.

    Raises:
        BrokerError: the embedded broker cannot run.
        ConfigError: the settings of the broker are wrong.
    """
    with running_broker(config) as connection:
        with publishing_beside(config, connection) as publisher:
            delivery = Delivery(publisher, config.mqtt.journal_events // 2, stop)
            yield delivery
            delivery.wait(0)
        if lost := publisher.waiting_events + publisher.lost_events:
            events = "1 event was" if lost == 1 else f"{lost} events were"
            complain(f"Error: {events} not delivered to {connection.address}")
