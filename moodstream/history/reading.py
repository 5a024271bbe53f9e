"""Spans, events and rooms read from the history."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moodstream.history.calendar import day_number, day_of, midnight, next_midnight, start
from moodstream.history.columns import COLUMNS, Span
from moodstream.history.database import BUSY_S, SUMMED, Event


@dataclass(frozen=True)
class Row:
    """The sums of one room over a span of time."""

    begin_s: int
    """Start, seconds since 1970."""
    end_s: int
    prefix: str
    span: Span


class History:
    """A reader of the history.

    Args:
        connection: the database.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rooms(self) -> list[str]:
        """Return the prefixes of all rooms, in order."""
        rows = self._connection.execute("SELECT prefix FROM rooms ORDER BY prefix")
        return [prefix for (prefix,) in rows]

    def spans(self, begin_s: int, end_s: int, each_s: int, prefix: str | None) -> Iterator[Row]:
        """Yield sums over spans of equal length, in order; a span without minutes is left out.

        Args:
            begin_s: start, seconds since 1970.
            end_s: end, seconds since 1970.
            each_s: length of a span, a multiple of 60 seconds.
            prefix: the room; None for all.
        """
        first, last, each = begin_s // 60, end_s // 60, max(1, each_s // 60)
        rows = self._connection.execute(
            f"SELECT (minute - ?) / ? AS number, prefix, {SUMMED} "  # noqa: S608 - our names
            "FROM minutes JOIN rooms ON rooms.id = room WHERE minute >= ? AND minute < ? "
            "AND (? IS NULL OR prefix = ?) GROUP BY number, room ORDER BY number, prefix",
            (first, each, first, last, prefix, prefix),
        )
        for number, name, *sums in rows:
            time_s = (first + number * each) * 60
            yield Row(time_s, time_s + each * 60, name, _span(sums))

    def days(self, begin_s: int, end_s: int, prefix: str | None) -> Iterator[Row]:
        """Yield sums over local days, in order; a day that has not ended is summed up now."""
        names = ", ".join(COLUMNS)
        rows = self._connection.execute(
            f"SELECT day, prefix, {names} FROM days JOIN rooms ON rooms.id = room "  # noqa: S608
            "WHERE day >= ? AND day <= ? AND (? IS NULL OR prefix = ?) ORDER BY day, prefix",
            (day_number(begin_s), day_number(end_s - 1), prefix, prefix),
        )
        for day, name, *sums in rows:
            time_s = start(day_of(day))
            yield Row(time_s, next_midnight(time_s), name, _span(sums))
        next_s = midnight(begin_s)
        (last,) = self._connection.execute("SELECT MAX(day) FROM days").fetchone()
        if last is not None:
            next_s = max(next_s, next_midnight(start(day_of(last))))
        bounds = self.bounds_s()
        end_s = min(end_s, bounds[1]) if bounds else 0
        while next_s < end_s:
            after_s = next_midnight(next_s)
            yield from self.spans(next_s, after_s, after_s - next_s, prefix)
            next_s = after_s

    def events(self, begin_s: int, end_s: int, prefix: str | None) -> Iterator[Event]:
        """Yield the events, in order."""
        rows = self._connection.execute(
            "SELECT time_ms, prefix, key, seq, missing FROM events JOIN rooms ON rooms.id = room "
            "WHERE time_ms >= ? AND time_ms < ? AND (? IS NULL OR prefix = ?) ORDER BY time_ms",
            (begin_s * 1000, end_s * 1000, prefix, prefix),
        )
        for row in rows:
            yield Event(*row)

    def bounds_s(self) -> tuple[int, int] | None:
        """Return the start of the first and the end of the last minute or day; None if empty."""
        first, last = self._ends("minute", "minutes")
        first_day, last_day = self._ends("day", "days")
        begins = [*([] if first is None else [first * 60])]
        begins += [] if first_day is None else [start(day_of(first_day))]
        ends = [] if last is None else [(last + 1) * 60]
        ends += [] if last_day is None else [next_midnight(start(day_of(last_day)))]
        return (min(begins), max(ends)) if begins else None

    def _ends(self, column: str, table: str) -> tuple[int | None, int | None]:
        # With separate queries, SQLite finds them without reading the whole table.
        first, last = self._connection.execute(
            f"SELECT (SELECT MIN({column}) FROM {table}), (SELECT MAX({column}) FROM {table})"  # noqa: S608
        ).fetchone()
        return first, last


@contextmanager
def opened(path: Path) -> Iterator[History]:
    """Open the history for reading.

    Raises:
        sqlite3.Error: there is no such file, or it is damaged.
    """
    address = f"{path.absolute().as_uri()}?mode=rw"  # a reader of a WAL file shares its index
    with closing(sqlite3.connect(address, uri=True, timeout=BUSY_S)) as connection:
        connection.execute("PRAGMA query_only = ON")
        yield History(connection)


def _span(sums: list[Any]) -> Span:
    return dict(zip(COLUMNS, sums, strict=True))
