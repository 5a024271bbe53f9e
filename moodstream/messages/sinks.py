"""Sinks of messages besides the broker."""

from collections.abc import Iterable
from typing import Protocol, TextIO

from moodstream.messages.published import Message, encode


class Sink(Protocol):
    """Receiver of messages."""

    def state(self, message: Message) -> None:
        """Receive the state at the end of a hop."""

    def event(self, message: Message) -> None:
        """Receive a change of the state."""


class JsonLines:
    """Writer of one object on each line, with its type first.

    Args:
        stream: receives the lines.
        states: whether to write a line for each hop, or for changes only.
        file: name of the recording, for each line; None for a microphone.
    """

    def __init__(self, stream: TextIO, *, states: bool, file: str | None = None) -> None:
        self._stream, self._states = stream, states
        # The fields of the message follow after the brace, which is cut off here.
        more = {} if file is None else {"file": file}
        self._heads = {kind: encode({"type": kind, **more})[:-1] for kind in ("state", "event")}

    def state(self, message: Message) -> None:
        """Write the state, if states are wanted."""
        if self._states:
            self._write("state", message)

    def event(self, message: Message) -> None:
        """Write the event."""
        self._write("event", message)

    def _write(self, kind: str, message: Message) -> None:
        self._stream.write(f"{self._heads[kind]},{encode(message)[1:]}\n")
        self._stream.flush()


def publish(message: Message, event: Message | None, sinks: Iterable[Sink]) -> None:
    """Pass a state, and its event if there is one, to all sinks."""
    for sink in sinks:
        sink.state(message)
        if event is not None:
            sink.event(event)
