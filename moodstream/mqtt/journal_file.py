"""The journal on disk: lines with a checksum, appended, and rewritten from time to time.

    fe3bd48e - 41 3              event 41 is no longer kept; 3 events were lost in all
    0b1d88a7 + 42 {"v":1,...}    event 42 waits

Lines, not a database: each line shows by its checksum whether it is intact. Damage loses only the
events that it hits, and any editor shows the content.
"""

import errno
import fcntl
import os
import re
import zlib
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from moodstream.log import get_logger

NAME = "events.journal"
MAX_LINE_BYTES = 1 << 14
"""Longest line that is read; our own are twenty times shorter."""
MAX_BYTES, MAX_LINES = 1 << 28, 1 << 18
"""Limits of a file that is read; 100 000 events, the longest allowed journal, need less."""
_LINE = re.compile(rb"([0-9a-f]{8}) (- (\d{1,18}) (\d{1,18})|\+ (\d{1,18}) (\{.*\}))\n?")

log = get_logger()


class Event(NamedTuple):
    """An event that waits."""

    seq: int
    """Sequence number."""
    payload: str
    """The message as it is published."""


@dataclass
class Content:
    """The content of a journal."""

    events: list[Event] = field(default_factory=list)
    """The events that wait, the oldest first."""
    last: int = 0
    """Highest sequence number ever given."""
    lost: int = 0
    """Total number of events lost."""


class JournalFile:
    """The journal in a directory, locked against other processes until it is closed.

    Raises:
        OSError: raised by all methods; the file may then end with an incomplete line.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = directory / NAME
        self.lines = 0
        """Number of lines written since the file was begun."""
        self._is_synced = True
        with ExitStack() as opened:
            # The directory is locked, because the file itself is replaced from time to time.
            self._directory = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
            opened.callback(os.close, self._directory)
            try:
                fcntl.flock(self._directory, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise OSError(
                    errno.EBUSY,
                    "another daemon keeps its events in this directory; each needs its own",
                ) from error
            self._file = _opened(self.path, os.O_APPEND)
            opened.callback(self._close_file)
            self._opened = opened.pop_all()

    def read(self, capacity: int) -> Content:
        """Return an earlier daemon's content; rename a damaged journal, keep its intact lines.

        Args:
            capacity: number of newest events to keep; the others are lost. Memory use is limited to
            this number, whatever the size of the file.
        """
        payloads: dict[int, tuple[int, int]] = {}  # by number: offset in the file, and bytes
        content = Content()
        damaged = lines = 0
        with self.path.open("rb") as stream:
            is_too_large = os.fstat(stream.fileno()).st_size > MAX_BYTES
            while not is_too_large and (line := stream.readline(MAX_LINE_BYTES)):
                lines += 1
                is_too_large = lines > MAX_LINES
                parts = _LINE.fullmatch(line)
                if parts is None or zlib.crc32(parts[2]) != int(parts[1], 16):
                    # A line without an end was being written when the process ended.
                    damaged += line.endswith(b"\n") or len(line) == MAX_LINE_BYTES
                    continue
                seq = int(parts[3] or parts[5])
                content.last = max(content.last, seq)
                if parts[3]:
                    payloads.pop(seq, None)
                    content.lost = int(parts[4])
                else:
                    begin, end = parts.span(6)
                    payloads[seq] = stream.tell() - len(line) + begin, end - begin
            for seq in [] if is_too_large else [*payloads][-capacity:]:
                at, length = payloads[seq]
                stream.seek(at)
                payload = stream.read(length).decode(errors="replace")
                content.events.append(Event(seq, payload))
        content.lost += len(payloads) - len(content.events)
        if damaged or is_too_large:
            aside = self.path.with_suffix(".damaged")
            self.path.replace(aside)
            log.warning("journal damaged", set_aside=str(aside), events_kept=len(content.events))
        return content

    def enter(self, event: Event) -> None:
        """Write that an event waits."""
        self._append(f"+ {event.seq} {event.payload}")
        self._is_synced = False  # removal needs no sync: at worst, the event is delivered again

    def leave(self, seq: int, lost: int) -> None:
        """Write that an event no longer waits, and the total number of events lost."""
        self._append(f"- {seq} {lost}")

    def rewrite(self, events: Iterable[Event], last: int, lost: int) -> None:
        """Replace the file by one with only this content; after a crash, one of the two exists."""
        self._close_file()
        new = self.path.with_suffix(".new")
        self._file, self.lines = _opened(new, os.O_TRUNC), 0
        try:
            self.leave(last, lost)
            for event in events:
                self.enter(event)
            os.fdatasync(self._file.fileno())
            new.replace(self.path)
        except OSError:
            new.unlink(missing_ok=True)
            raise
        os.fsync(self._directory)
        self._is_synced = True

    def sync(self) -> None:
        """Make the written data survive a power failure."""
        if not self._is_synced:
            os.fdatasync(self._file.fileno())
            self._is_synced = True

    def close(self) -> None:
        """Release the journal for other processes."""
        self._opened.close()

    def _close_file(self) -> None:
        self._file.close()

    def _append(self, text: str) -> None:
        body = text.encode()
        line = b"%08x %s\n" % (zlib.crc32(body), body)
        if self._file.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.lines += 1


def _opened(path: Path, flag: int) -> FileIO:
    # A FIFO of this name is an error, and not waited for.
    return FileIO(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK | flag, 0o600), "w")
