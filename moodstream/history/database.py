"""The file of the history: minutes, events and days in SQLite."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from moodstream.history.calendar import DAY_S, day_number, midnight, next_midnight
from moodstream.history.columns import COLUMNS, Span
from moodstream.log import get_logger

NAME = "history.db"
"""Name of the file in the state directory."""
SCHEMA = 1
BUSY_S = 5.0
_SPAN = ", ".join(f"{column} INTEGER NOT NULL DEFAULT 0" for column in COLUMNS)
_TABLES = f"""
CREATE TABLE IF NOT EXISTS rooms (id INTEGER PRIMARY KEY, prefix TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS minutes (minute INTEGER, room INTEGER, {_SPAN},
    PRIMARY KEY (minute, room)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS days (day INTEGER, room INTEGER, {_SPAN},
    PRIMARY KEY (day, room)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (time_ms INTEGER, room INTEGER, key TEXT NOT NULL, seq INTEGER,
    missing INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (time_ms, room, key)) WITHOUT ROWID;
PRAGMA user_version = {SCHEMA};
"""
SUMMED = ", ".join(f"SUM({column}) AS {column}" for column in COLUMNS)
_ASIDE = ("", "-wal", "-shm")

log = get_logger()


@dataclass(frozen=True)
class Event:
    """A change of the mood or the status."""

    time_ms: int
    """Milliseconds since 1970, UTC."""
    prefix: str
    key: str
    """Mood, status, or why nothing is known."""
    seq: int | None = None
    """Sequence number that the daemon gave it."""
    missing: int = 0
    """Number of events before it that never arrived."""


class Database:
    """Writer of the history; a disk fault does not stop its caller.

    Args:
        path: the file; its directory is made if necessary.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        """Why the last minute was not written; empty if it was."""
        self.set_aside: Path | None = None
        """New path of a damaged file."""
        self._connection: sqlite3.Connection | None = None
        self._rooms: dict[str, int] = {}
        self._lock = threading.Lock()

    def write(self, minutes: Iterable[tuple[int, str, Span]], events: Iterable[Event]) -> bool:
        """Add minutes and events in one transaction; return whether that succeeded.

        Args:
            minutes: number of the minute since 1970, prefix of the room, and the sums.
            events: changes; one that is there already is ignored.
        """
        with self._lock, self._guarded() as connection:
            if connection is not None:
                with connection:
                    self._add(connection, minutes, events)
                self.problem = ""
        return not self.problem

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._disconnect()

    def tidy(self, now_s: float, minutes_days: int, events_days: int) -> None:
        """Sum up the days that have ended, and remove what is too old.

        Args:
            now_s: the time, seconds since 1970.
            minutes_days: age at which minutes are removed.
            events_days: age at which events are removed.
        """
        with self._lock, self._guarded() as connection:
            if connection is None:
                return
            with connection:
                _sum_days(connection, now_s)
                kept_s = now_s - minutes_days * DAY_S
                connection.execute("DELETE FROM minutes WHERE minute < ?", (int(kept_s) // 60,))
                kept_ms = int(now_s - events_days * DAY_S) * 1000
                connection.execute("DELETE FROM events WHERE time_ms < ?", (kept_ms,))

    def _add(
        self,
        connection: sqlite3.Connection,
        minutes: Iterable[tuple[int, str, Span]],
        events: Iterable[Event],
    ) -> None:
        names = ", ".join(COLUMNS)
        marks = ", ".join("?" * (len(COLUMNS) + 2))
        sums = ", ".join(f"{column} = {column} + excluded.{column}" for column in COLUMNS)
        connection.executemany(
            # Two runs of the page may share a minute.
            f"INSERT INTO minutes (minute, room, {names}) VALUES ({marks}) "  # noqa: S608 - our names
            f"ON CONFLICT DO UPDATE SET {sums}",
            [
                (minute, self._room(connection, prefix), *(round(span[c]) for c in COLUMNS))
                for minute, prefix, span in minutes
            ],
        )
        connection.executemany(
            "INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?)",
            [
                (e.time_ms, self._room(connection, e.prefix), e.key, e.seq, e.missing)
                for e in events
            ],
        )

    def _room(self, connection: sqlite3.Connection, prefix: str) -> int:
        if prefix not in self._rooms:
            connection.execute("INSERT OR IGNORE INTO rooms (prefix) VALUES (?)", (prefix,))
            row = connection.execute("SELECT id FROM rooms WHERE prefix = ?", (prefix,)).fetchone()
            self._rooms[prefix] = int(row[0])
        return self._rooms[prefix]

    @contextmanager
    def _guarded(self) -> Iterator[sqlite3.Connection | None]:
        """Yield the connection, or None if there is none; report faults, and repair them."""
        connection = None
        try:
            connection = self._connected()
        except (OSError, sqlite3.Error) as error:
            self._fail(error)
        try:
            yield connection
        except sqlite3.OperationalError as error:  # the disk is full, or busy, or gone
            self._fail(error)
            self._disconnect()
        except sqlite3.DatabaseError as error:
            self._fail(error)
            self._set_aside(str(error))

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                self._connection = _open(self.path)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError as error:
                self._set_aside(str(error))
                self._connection = _open(self.path)
        return self._connection

    def _fail(self, error: Exception) -> None:
        if str(error) != self.problem:
            log.warning("the history is not written", path=str(self.path), reason=str(error))
        self.problem = str(error)

    def _disconnect(self) -> None:
        self._rooms.clear()
        connection, self._connection = self._connection, None
        if connection:
            with suppress(sqlite3.Error):
                connection.close()

    def _set_aside(self, reason: str) -> None:
        self._disconnect()
        kept = self.path.with_name(f"{self.path.name}.damaged-{int(time.time())}")
        for ending in _ASIDE:
            with suppress(FileNotFoundError):
                Path(f"{self.path}{ending}").replace(f"{kept}{ending}")
        self.set_aside = kept
        log.warning("the history is damaged, starting a new one", reason=reason, kept=str(kept))


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=BUSY_S, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # A power failure may lose the last minutes, but never the file.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        (schema,) = connection.execute("PRAGMA user_version").fetchone()
        _refuse(found, schema)
        if schema == 0:
            connection.executescript(_TABLES)
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse(found: str, schema: int) -> None:
    if found != "ok":
        raise sqlite3.DatabaseError(found)
    if schema not in (0, SCHEMA):
        raise sqlite3.DatabaseError(f"schema {schema} is not {SCHEMA}")


def _sum_days(connection: sqlite3.Connection, now_s: float) -> None:
    """Write the days that have ended and have minutes, but no row yet."""
    (first,) = connection.execute("SELECT MIN(minute) FROM minutes").fetchone()
    (last,) = connection.execute("SELECT MAX(day) FROM days").fetchone()
    if first is None:
        return
    names = ", ".join(COLUMNS)
    begin_s = midnight(first * 60)
    if last is not None:
        begin_s = max(begin_s, midnight((last + 1) * DAY_S, utc_day=True))
    while (end_s := next_midnight(begin_s)) <= now_s:
        connection.execute(
            f"INSERT OR REPLACE INTO days (day, room, {names}) SELECT ?, room, {SUMMED} "  # noqa: S608
            "FROM minutes WHERE minute >= ? AND minute < ? GROUP BY room",
            (day_number(begin_s), begin_s // 60, end_s // 60),
        )
        begin_s = end_s


def forget(path: Path, before_s: int) -> int:
    """Remove everything before a time for good; return the number of rows.

    Raises:
        sqlite3.Error: the file cannot be written.
    """
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_S)
    removed = 0
    try:
        connection.execute("PRAGMA secure_delete = ON")
        with connection:
            for command, bound in _forgetting(before_s):
                removed += connection.execute(command, (bound,)).rowcount
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    return removed


def _forgetting(before_s: int) -> Sequence[tuple[str, int]]:
    return (
        ("DELETE FROM minutes WHERE minute < ?", before_s // 60),
        ("DELETE FROM events WHERE time_ms < ?", before_s * 1000),
        ("DELETE FROM days WHERE day < ?", day_number(before_s)),
    )
