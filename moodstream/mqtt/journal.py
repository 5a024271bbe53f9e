"""Events that wait for the broker, limited in number, in order, and kept on disk if possible."""

import errno
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from moodstream.log import Seldom, get_logger
from moodstream.mqtt.journal_file import NAME, Content, Event, JournalFile

SLACK_LINES = 1000
"""Number of lines of delivered events after which the file is rewritten."""
RETRY_S = 10.0
"""Seconds between two checks of a failed disk, in addition to one with every event."""

log = get_logger()


class Journal:
    """Events, the oldest first, until they are delivered; the oldest are dropped when it is full.

    A failing disk does not stop it. Events then stay in memory, which is logged once, and are
    written when the disk works again: after a full or read-only disk, or a directory that was
    removed, replaced or mounted late.

    Args:
        capacity: number of events that may wait, not counting the one being sent.
        directory: directory of the journal; None keeps it only in memory.
    """

    def __init__(self, capacity: int, directory: Path | None = None) -> None:
        self._capacity, self._directory = capacity, directory
        self._waiting: deque[Event] = deque()
        self._taken: Event | None = None
        self._given_out = False
        self._file: JournalFile | None = None
        self._inode: tuple[int, int] | None = None  # identity of the file that was written last
        self._is_whole = True  # whether the file has the same content
        self._is_known = False  # whether the events of an earlier daemon were read
        self._next_look_s = 0.0
        self._seldom = Seldom()
        self._is_told = False  # the log says that the disk fails
        self.last = 0
        """Sequence number of the newest event ever."""
        self.lost = 0
        """Total number of events lost."""
        if directory is not None:
            self._take_up(directory)

    @property
    def waiting(self) -> int:
        """Number of events that wait, including the one being sent."""
        return len(self._waiting) + (self._taken is not None)

    @property
    def outlives(self) -> bool:
        """Whether all waiting events are on disk."""
        return self._file is not None and self._is_whole

    def append(self, event: Event) -> None:
        """Keep an event."""
        self._waiting.append(event)
        self.last = max(self.last, event.seq)
        self._write(lambda file: file.enter(event))
        self._drop_oldest()

    def take(self) -> Event | None:
        """Return the oldest event, to be sent; None if there is none, or one is being sent."""
        if self._taken or not self._waiting:
            return None
        self._taken, self._given_out = self._waiting.popleft(), True
        return self._taken

    def delivered(self) -> None:
        """Forget the event that was taken: the broker has it."""
        if self._taken:
            seq, self._taken = self._taken.seq, None
            self._write(lambda file: file.leave(seq, self.lost))

    def give_back(self) -> None:
        """Take back the event being sent: another connection will send it, before all others."""
        if self._taken:
            self._waiting.appendleft(self._taken)
            self._taken = None

    def refused(self) -> None:
        """Drop the event that was taken, because the broker rejects it."""
        self.lost += 1
        self.delivered()

    def sync(self) -> None:
        """Flush to the disk, and check regularly whether a failed disk works again."""
        if self._directory is not None and time.monotonic() >= self._next_look_s:
            self._next_look_s = time.monotonic() + RETRY_S
            self._write(None)
        if self.outlives:
            self._try(JournalFile.sync)

    def close(self) -> None:
        """Release the file to other processes."""
        self._directory = None
        self._let_go()

    def _take_up(self, directory: Path) -> None:
        try:
            self._open(directory)
        except OSError as error:
            self._is_whole, self._is_told = False, True
            log.warning(
                "no journal on disk, events are kept in memory",
                directory=str(directory),
                reason=error.strerror,
            )
            if error.errno == errno.EBUSY:  # it contains the events of another daemon
                self._directory = None
            else:
                self._start_without(directory)
        if self._waiting:
            log.info("events of an earlier run wait", count=len(self._waiting))

    def _open(self, directory: Path) -> None:
        """Open the file, take over its events, and rewrite it without the delivered ones."""
        self._file = JournalFile(directory)
        try:
            # An earlier daemon may have had a higher limit.
            self._merge(self._file.read(self._capacity))
        except OSError:
            self._let_go()
            raise
        self._try(self._rewrite)

    def _start_without(self, directory: Path) -> None:
        """Start after the numbers of a journal that cannot be written."""
        try:
            self._merge(_read_only(directory, self._capacity))
        except OSError:
            # Unknown numbers must not be reused. The time in seconds is far higher than any of
            # them.
            self.last = int(time.time())

    def _merge(self, left: Content) -> None:
        """Take over the events of a file, except those already here."""
        newer = [event for event in left.events if event.seq > self.last]
        older = [] if self._is_known else [event for event in left.events if event.seq <= self.last]
        if older and not self._given_out:
            self._waiting.extendleft(reversed(older))
        elif older:
            self.lost += len(older)
            log.warning("events of an earlier run were found too late", lost=len(older))
        self._waiting.extend(newer)
        self.last = max(self.last, left.last)
        self.lost = max(self.lost, left.lost) if self._is_known else self.lost + left.lost
        self._is_known = True

    def _let_go(self) -> None:
        if self._file:
            self._file.close()
        self._file = self._inode = None

    def _drop_oldest(self) -> None:
        while len(self._waiting) > self._capacity:
            seq = self._waiting.popleft().seq
            self.lost += 1
            self._write(lambda file, seq=seq: file.leave(seq, self.lost))  # type: ignore[misc]
            self._seldom.warning("event dropped, the broker is away", in_all=self.lost)

    def _write(self, change: Callable[[JournalFile], None] | None) -> None:
        """Write a change, or the whole content if the file is out of date or gone."""
        if self._directory is None:
            return
        if self._file and self._was_replaced(self._file):
            self._let_go()
        if self._file is None:
            try:
                self._open(self._directory)
            except OSError as error:
                self._note(error.strerror)
            return
        is_short = self._file.lines < 2 * self.waiting + SLACK_LINES
        if not (self._is_whole and is_short):
            self._try(self._rewrite)
        elif change:
            self._try(change)

    def _was_replaced(self, file: JournalFile) -> bool:
        """Return whether the path leads to another file than the one written, or to none."""
        try:
            found = (file.path if self._inode else file.path.parent).stat()
        except OSError:
            return True
        return self._inode is not None and (found.st_dev, found.st_ino) != self._inode

    def _rewrite(self, file: JournalFile) -> None:
        events = [self._taken, *self._waiting] if self._taken else self._waiting
        file.rewrite(events, self.last, self.lost)
        found = file.path.stat()
        self._inode = found.st_dev, found.st_ino

    def _try(self, change: Callable[[JournalFile], None]) -> None:
        if self._file is None:
            return
        try:
            change(self._file)
        except OSError as error:
            self._note(error.strerror)
        else:
            self._note(None)

    def _note(self, problem: str | None) -> None:
        """Log that the disk fails, or works again, when that changes; a full one may flap."""
        if problem and self._is_whole:
            self._is_told |= self._seldom.warning(
                "journal not written, events are kept in memory",
                path=str(self._directory),
                reason=problem,
            )
        elif not problem and self._is_told:
            self._is_told = False
            log.info("the journal is on disk again", waiting=self.waiting)
        self._is_whole = not problem


def _read_only(directory: Path, capacity: int) -> Content:
    """Return the content of a journal that cannot be written.

    Raises:
        OSError: it cannot be read either.
    """
    try:
        (directory / NAME).stat()
    except FileNotFoundError:
        return Content()
    with TemporaryDirectory(prefix="moodstream-") as folder:
        copyfile(directory / NAME, Path(folder) / NAME)
        copy = JournalFile(Path(folder))
        try:
            return copy.read(capacity)
        finally:
            copy.close()
