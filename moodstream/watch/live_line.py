"""A compact line that is rewritten with each state, below a line for each change."""

from typing import TextIO

from moodstream.messages.received import HEARD, Received, parse
from moodstream.text import cut
from moodstream.watch import terminal

_REST_OF_LINE = "\x1b[K"


class LiveLine:
    """Writer of states and events.

    On a terminal, the newest state is rewritten in place. Elsewhere, only changes are written.

    Args:
        out: the terminal, or a file.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._is_terminal = terminal.usable(out)

    def take(self, topic: str, payload: bytes) -> None:
        """Show a message that is a state or an event."""
        message = parse(payload)
        if message is None:
            return
        if topic.endswith("/event"):
            self.say(compact(message))
        elif self._is_terminal:
            # The cursor stays at the start, so that a log line begins there.
            self._write(f"{self._fitting(compact(message))}{_REST_OF_LINE}\r")

    def say(self, text: str) -> None:
        """Write a line that stays."""
        ending = f"{_REST_OF_LINE}\n" if self._is_terminal else "\n"
        self._write(self._fitting(text) + ending)

    def end(self) -> None:
        """Erase the line of the newest state."""
        if self._is_terminal:
            self._write(_REST_OF_LINE)

    def _fitting(self, text: str) -> str:
        return cut(text, terminal.size(self._out)[0] - 1) if self._is_terminal else text

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def compact(message: Received) -> str:
    """Return a state in fewer than 80 cells, with the most important parts first."""
    parts = [message.time[11:19], f"{message.word:<10}"]
    if message.confidence is not None:
        parts.append(f"{message.confidence:4.0%}")
    if message.quadrant is not None:
        parts.append(message.quadrant)
    if message.heard:
        kind = max(HEARD, key=message.heard.__getitem__)
        parts.append(f"{kind} {message.heard[kind]:.0%}")
    for value, form in (
        (message.level_dbfs, "{:.0f} dB"),
        (message.valence, "valence {:+z.1f}"),
        (message.arousal, "arousal {:+z.1f}"),
    ):
        if value is not None:
            parts.append(form.format(value))
    return "  ".join(parts)
