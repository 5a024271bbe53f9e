"""Where messages go besides the broker."""

from collections.abc import Iterable
from typing import Protocol, TextIO

from moodstream.messages.published import Message, encode


class Sink(Protocol):
    """Takes the messages as they come."""

    def state(self, message: Message) -> None:
        """What is true at the end of a hop."""

    def event(self, message: Message) -> None:
        """A change of it."""


class JsonLines:
    """One object a line, with its type first.

    Args:
        stream: where to.
        states: whether to write a line for each hop, or for changes only.
    """

    def __init__(self, stream: TextIO, *, states: bool) -> None:
        self._stream, self._states = stream, states

    def state(self, message: Message) -> None:
        """Write the state, if states are wanted."""
        if self._states:
            self._write({"type": "state", **message})

    def event(self, message: Message) -> None:
        """Write the event."""
        self._write({"type": "event", **message})

    def _write(self, message: Message) -> None:
        self._stream.write(encode(message) + "\n")
        self._stream.flush()


def publish(message: Message, event: Message | None, sinks: Iterable[Sink]) -> None:
    """Give a state, and the event that goes with it, to all sinks."""
    for sink in sinks:
        sink.state(message)
        if event is not None:
            sink.event(event)
