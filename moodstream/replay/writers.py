"""Writers of results: a table for people, JSON lines or CSV for programs."""

import csv
import os
import shutil
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from typing import Any, Protocol, TextIO

from moodstream.messages.published import Message, encode
from moodstream.messages.sinks import JsonLines, Sink
from moodstream.mood.circumplex import MOODS
from moodstream.text import cells, cut, encodable, pad, printable

LONGEST_NAME = 1 << 16
"""Width of a name or of shares if there is no terminal, cells."""
SHARES = (*MOODS, "other", "silence", "uncertain", "warming_up")
"""Moods, and statuses without a mood, of which a recording may have a share."""


class Writer(Protocol):
    """Receiver of summaries, and of states and events if it wants them."""

    stream: TextIO
    """Stream that it writes to."""
    states: bool
    """Whether it wants states and events."""

    def begin(self) -> None:
        """Write the header of an empty stream."""

    def sinks(self, file: str) -> Sequence[Sink]:
        """Return the sinks for states and events of a recording."""

    def summary(self, message: Message) -> None:
        """Receive the summary of a recording."""

    def close(self) -> None:
        """Write the rest."""


class LinesWriter:
    """JSON lines of the contract: one for each state, each event, and each recording's summary."""

    def __init__(self, stream: TextIO, *, brief: bool = False) -> None:
        self.stream, self.states = stream, not brief

    def begin(self) -> None:
        """Write nothing: lines need no header."""

    def sinks(self, file: str) -> Sequence[Sink]:
        """Return a sink for the lines of a recording."""
        return [JsonLines(self.stream, states=True, file=file)] if self.states else []

    def summary(self, message: Message) -> None:
        """Write the line."""
        self.stream.write(encode(message) + "\n")
        self.stream.flush()

    def close(self) -> None:
        """Flush the stream."""
        self.stream.flush()


class CsvWriter:
    """CSV with one row for each recording; scores and shares have a column each."""

    COLUMNS = (
        "file", "duration", "mood", "quadrant", "valence", "arousal", "confidence", "cnn", "rnn",
        *MOODS, "voice", "music", "other", *(f"share_{key}" for key in SHARES), "settings",
    )  # fmt: skip

    def __init__(self, stream: TextIO, *, brief: bool = False) -> None:
        del brief
        self.stream, self.states = stream, False
        self._writer = csv.DictWriter(
            stream, self.COLUMNS, extrasaction="ignore", lineterminator="\n"
        )

    def begin(self) -> None:
        """Write the names of the columns."""
        self._writer.writeheader()

    def sinks(self, file: str) -> Sequence[Sink]:
        """Return none: a row contains only the summary."""
        del file
        return []

    def summary(self, message: Message) -> None:
        """Write the row."""
        shares = {f"share_{key}": message["shares"].get(key, 0) for key in SHARES}
        scores, heard = message["scores"] or {}, message["heard"] or {}
        self._writer.writerow({**message, **scores, **heard, **shares})
        self.stream.flush()

    def close(self) -> None:
        """Flush the stream."""
        self.stream.flush()


class TableWriter:
    """Table with one row for each recording, and its segments below it."""

    COLUMNS: tuple[tuple[str, int, Callable[[Message], str]], ...] = (
        ("duration", 8, lambda m: _minutes(m["duration"])),
        ("mood", 9, lambda m: m["mood"] or "-"),
        ("sure", 5, lambda m: "-" if m["confidence"] is None else _percent(m["confidence"])),
        ("Q", 2, lambda m: m["quadrant"] or "-"),
    )
    LAST = "share of the time"
    NAME_CELLS, SHARE_CELLS = 16, 30
    """Widths of names and shares on a narrow terminal."""

    def __init__(self, stream: TextIO, *, brief: bool = False) -> None:
        self.stream, self.states, self._brief = stream, False, brief
        self._summaries: list[Message] = []

    def begin(self) -> None:
        """Write nothing: the header is written with the rest."""

    def sinks(self, file: str) -> Sequence[Sink]:
        """Return none: the segments are enough."""
        del file
        return []

    def summary(self, message: Message) -> None:
        """Keep the summary until the widths are known."""
        self._summaries.append(message)

    def close(self) -> None:
        """Write the table."""
        if not self._summaries:
            return
        names = [printable(message["file"], LONGEST_NAME) for message in self._summaries]
        sizes = [max(4, *map(cells, names)), *(size for _, size, _ in self.COLUMNS)]
        rest = sum(sizes[1:]) + 2 * len(sizes)
        limit = _terminal_cells(self.stream)
        if limit:
            sizes[0] = min(sizes[0], max(self.NAME_CELLS, limit - rest - self.SHARE_CELLS))
        left = limit - rest - sizes[0] if limit else LONGEST_NAME
        head = [name for name, _, _ in self.COLUMNS]
        self._write(["file", *head, self.LAST], sizes, limit)
        for name, message in zip(names, self._summaries, strict=True):
            row = [shown(message) for _, _, shown in self.COLUMNS]
            shares = _shares(message, left, _mark(self.stream))
            self._write([_end(name, sizes[0], _mark(self.stream)), *row, shares], sizes, limit)
            if not self._brief and message["mood"]:
                for segment in message["segments"]:
                    start, end = _minutes(segment["start"]), _minutes(segment["end"])
                    self.stream.write(f"  {start:>7} .. {end:<7}  {segment['mood'] or '-'}\n")
        self.stream.flush()

    def _write(self, row: Sequence[str], sizes: Sequence[int], limit: int) -> None:
        padded = [pad(text, size) for text, size in zip(row, sizes, strict=False)]
        line = "  ".join([*padded, row[-1]]).rstrip()
        self.stream.write((cut(line, limit) if limit else line) + "\n")


WRITERS: dict[str, Callable[..., Writer]] = {
    "table": TableWriter,
    "jsonl": LinesWriter,
    "csv": CsvWriter,
}


def standard_output(stream: TextIO, style: str) -> TextIO:
    """Return standard output, set up for a style.

    JSON and CSV are UTF-8 in any locale, so that names are exact. A table escapes characters that
    the terminal lacks.
    """
    if isinstance(stream, TextIOWrapper):
        if style == "table":
            stream.reconfigure(errors="backslashreplace")
        else:
            stream.reconfigure(encoding="utf-8", newline="")
    return stream


def _terminal_cells(stream: TextIO) -> int:
    """Return the width of the terminal behind a stream; 0 if there is none."""
    if stream.isatty() or os.environ.get("COLUMNS"):
        return shutil.get_terminal_size().columns
    return 0


def _mark(stream: TextIO) -> str:
    """Return the mark for omitted text."""
    return "…" if encodable("…", stream) else "..."


def _end(text: str, limit: int, mark: str) -> str:
    """Return the end of a text, which is the most useful part of a path."""
    if cells(text) <= limit:
        return text
    start = len(text) - limit
    while cells(text[start:]) > limit - cells(mark):
        start += 1
    return mark + text[start:]


def _shares(message: Message, limit: int, mark: str) -> str:
    """Return the shares of time: the overall mood first, then moods, then statuses, by time."""
    shares: dict[str, Any] = message["shares"]
    order = sorted(shares, key=lambda key: (key != message["mood"], key not in MOODS, -shares[key]))
    parts = [f"{key.replace('_', ' ')} {_percent(shares[key])}" for key in order]
    parts = [part for part in parts if not part.endswith(" 0 %")]
    text = ", ".join(parts)
    while len(text) > limit and parts:
        parts.pop()
        text = ", ".join([*parts, mark])
    return text


def _minutes(seconds: float) -> str:
    tenths = round(10 * seconds)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"
