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

SHARE_COLUMNS = tuple(f"share_{mood}" for mood in MOODS)


class Writer(Protocol):
    """Receiver of summaries, and of the states on the way to them if it has a use for them."""

    stream: TextIO
    """Stream that it writes to."""
    states: bool
    """Whether it wants states and events."""

    def begin(self) -> None:
        """Write the head of an empty stream."""

    def sinks(self, file: str) -> Sequence[Sink]:
        """Return the sinks for states and events of a recording."""

    def summary(self, message: Message) -> None:
        """Take the summary of a recording."""

    def close(self) -> None:
        """Write the rest."""


class LinesWriter:
    """JSON lines of the contract: a line a state, a line an event, and a summary a recording."""

    def __init__(self, stream: TextIO, *, brief: bool = False) -> None:
        self.stream, self.states = stream, not brief

    def begin(self) -> None:
        """Write nothing: lines need no head."""

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
    """CSV with a row a recording; scores and shares have a column each."""

    COLUMNS = (
        "file", "duration", "mood", "quadrant", "valence", "arousal", "confidence", "cnn", "rnn",
        *MOODS, "voice", "music", "other", *SHARE_COLUMNS, "share_other", "settings",
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
        """Return none: a row tells the whole."""
        del file
        return []

    def summary(self, message: Message) -> None:
        """Write the row."""
        shares = message["shares"]
        columns = {
            column: shares.get(column.removeprefix("share_"), 0)
            for column in self.COLUMNS
            if column.startswith("share_")
        }
        scores, heard = message["scores"] or {}, message["heard"] or {}
        self._writer.writerow({**message, **scores, **heard, **columns})
        self.stream.flush()

    def close(self) -> None:
        """Flush the stream."""
        self.stream.flush()


def _shares(message: Message) -> str:
    shares: dict[str, Any] = message["shares"]
    # The verdict comes first, then moods and then statuses by their time.
    order = sorted(shares, key=lambda key: (key != message["mood"], key not in MOODS, -shares[key]))
    parts = [f"{key.replace('_', ' ')} {_percent(shares[key])}" for key in order]
    return ", ".join(part for part in parts if not part.endswith(" 0 %"))


def _minutes(seconds: float) -> str:
    tenths = round(10 * seconds)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"


class TableWriter:
    """Table with a row a recording, and its segments below it."""

    COLUMNS: tuple[tuple[str, int, Callable[[Message], str]], ...] = (
        ("duration", 8, lambda m: _minutes(m["duration"])),
        ("mood", 9, lambda m: m["mood"] or "-"),
        ("sure", 5, lambda m: "-" if m["confidence"] is None else _percent(m["confidence"])),
        ("quadrant", 8, lambda m: m["quadrant"] or "-"),
        ("share of the time", 17, _shares),
    )
    NAME_CELLS = 16
    """Least width of the names, where the terminal is narrow."""

    def __init__(self, stream: TextIO, *, brief: bool = False) -> None:
        self.stream, self.states, self._brief = stream, False, brief
        self._summaries: list[Message] = []

    def begin(self) -> None:
        """Write nothing: the head is written with the rest."""

    def sinks(self, file: str) -> Sequence[Sink]:
        """Return none: segments tell enough."""
        del file
        return []

    def summary(self, message: Message) -> None:
        """Keep the summary until the widths are known."""
        self._summaries.append(message)

    def close(self) -> None:
        """Write the table."""
        if not self._summaries:
            return
        rows = [[shown(message) for _, _, shown in self.COLUMNS] for message in self._summaries]
        head = [name for name, _, _ in self.COLUMNS]
        sizes = [size for _, size, _ in self.COLUMNS]
        names = [printable(message["file"], 1 << 16) for message in self._summaries]
        longest = max(4, *map(cells, names))
        limit = _terminal_cells(self.stream)
        if limit:
            shares = max(sizes[-1], *(cells(row[-1]) for row in rows))
            rest = sum(sizes[:-1]) + 2 * len(sizes)
            longest = min(longest, max(self.NAME_CELLS, limit - rest - shares))
        self._write(["file", *head], [longest, *sizes], limit)
        for name, row, message in zip(names, rows, self._summaries, strict=True):
            self._write([_end(name, longest, self.stream), *row], [longest, *sizes], limit)
            if not self._brief and message["mood"]:
                for segment in message["segments"]:
                    start, end = _minutes(segment["start"]), _minutes(segment["end"])
                    self.stream.write(f"  {start:>7} .. {end:<7}  {segment['mood'] or '-'}\n")
        self.stream.flush()

    def _write(self, row: Sequence[str], sizes: Sequence[int], limit: int) -> None:
        line = "  ".join(pad(text, size) for text, size in zip(row, sizes, strict=True)).rstrip()
        self.stream.write((cut(line, limit) if limit else line) + "\n")


WRITERS: dict[str, Callable[..., Writer]] = {
    "table": TableWriter,
    "jsonl": LinesWriter,
    "csv": CsvWriter,
}


def standard_output(stream: TextIO, style: str) -> TextIO:
    """Return standard output, ready for a style.

    JSON and CSV are UTF-8 whatever the locale says, for names to be exact; a table shows
    characters that the terminal lacks as escapes.
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


def _end(text: str, limit: int, stream: TextIO) -> str:
    """Return the end of a text, which tells more of a path than its beginning."""
    if cells(text) <= limit:
        return text
    mark = "…" if encodable("…", stream) else "..."
    start = len(text) - limit
    while cells(text[start:]) > limit - cells(mark):
        start += 1
    return mark + text[start:]
