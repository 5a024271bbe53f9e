"""What replay prints: a table for people, JSON lines or CSV for programs."""

import csv
from collections.abc import Callable
from typing import Any, Protocol, TextIO

from moodstream.messages.published import Message, encode
from moodstream.messages.sinks import JsonLines, Sink
from moodstream.mood.circumplex import MOODS


class Report(Protocol):
    """Takes the summaries, and the states on the way to them if it has a use for them."""

    stream: TextIO
    """Where it is written."""
    sink: Sink | None
    """For states and events; None if they are not wanted."""

    def begin(self) -> None:
        """Nothing has been written yet."""

    def summary(self, message: Message) -> None:
        """A recording has been heard to its end."""

    def close(self) -> None:
        """There are no more."""


class JsonReport:
    """The contract: a line a state, a line an event, and a summary."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.sink: Sink | None = JsonLines(stream, states=True)

    def begin(self) -> None:
        """Lines need no head."""

    def summary(self, message: Message) -> None:
        """Write it."""
        self.stream.write(encode(message) + "\n")
        self.stream.flush()

    def close(self) -> None:
        """Nothing is left to write."""
        self.stream.flush()


class CsvReport:
    """A row a recording; the scores have a column each."""

    COLUMNS = (
        "file", "duration", "mood", "quadrant", "valence", "arousal", "confidence", "cnn", "rnn",
        *MOODS,
    )  # fmt: skip

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self._writer = csv.DictWriter(stream, self.COLUMNS, extrasaction="ignore")
        self.sink: Sink | None = None

    def begin(self) -> None:
        """Write the names of the columns."""
        self._writer.writeheader()

    def summary(self, message: Message) -> None:
        """Write the row."""
        self._writer.writerow({**message, **(message["scores"] or {})})
        self.stream.flush()

    def close(self) -> None:
        """Nothing is left to write."""
        self.stream.flush()


class TableReport:
    """A row a recording, and below it its segments if its mood changes."""

    COLUMNS: tuple[tuple[str, int, Callable[[Message], str]], ...] = (
        ("duration", 8, lambda m: _minutes(m["duration"])),
        ("mood", 9, lambda m: m["mood"] or "-"),
        ("sure", 4, lambda m: _form("{:.0%}", m["confidence"])),
        ("quadrant", 8, lambda m: m["quadrant"] or "-"),
        ("valence", 7, lambda m: _form("{:+.2f}", m["valence"])),
        ("arousal", 7, lambda m: _form("{:+.2f}", m["arousal"])),
        ("cnn", 9, lambda m: m["cnn"] or "-"),
        ("rnn", 9, lambda m: m["rnn"] or "-"),
    )

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self._summaries: list[Message] = []
        self.sink: Sink | None = None

    def begin(self) -> None:
        """The names of the columns are written with the rest."""

    def summary(self, message: Message) -> None:
        """Keep it until the widths are known."""
        self._summaries.append(message)

    def close(self) -> None:
        """Write the table."""
        if not self._summaries:
            return
        width = max(4, *(len(message["file"]) for message in self._summaries))
        head = "  ".join(f"{name:<{size}}" for name, size, _ in self.COLUMNS)
        self._write(f"{'file':<{width}}  {head}")
        for message in self._summaries:
            row = "  ".join(f"{shown(message):<{size}}" for _, size, shown in self.COLUMNS)
            self._write(f"{message['file']:<{width}}  {row}")
            moods = [segment for segment in message["segments"] if segment["mood"]]
            if len(moods) > 1:
                for segment in message["segments"]:
                    start, end = _minutes(segment["start"]), _minutes(segment["end"])
                    self._write(f"  {start:>7} .. {end:<7}  {segment['mood'] or '-'}")
        self.stream.flush()

    def _write(self, text: str) -> None:
        self.stream.write(text.rstrip() + "\n")


REPORTS: dict[str, Callable[[TextIO], Report]] = {
    "table": TableReport,
    "jsonl": JsonReport,
    "csv": CsvReport,
}


def _minutes(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"


def _form(form: str, value: Any) -> str:
    return "-" if value is None else form.format(value)
