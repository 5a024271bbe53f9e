"""The events that wait for the broker: bounded, in order, and over restarts where it can be."""

from collections import deque
from collections.abc import Callable
from pathlib import Path

from moodstream.log import get_logger
from moodstream.mqtt.journal_file import Event, JournalFile

SLACK_LINES = 1000
"""So many lines of events that no longer wait may stand in the file before it is written anew."""

log = get_logger()


class Journal:
    """Keeps events until they are delivered; the oldest are lost first when there are too many.

    A file that cannot be read or written never stops it: it goes on in memory, says so once, and
    tries the disk again with every event.

    Args:
        capacity: how many events may wait, besides the one that is on its way.
        directory: where the journal outlives the process; None keeps it in memory alone.
    """

    def __init__(self, capacity: int, directory: Path | None = None) -> None:
        self._capacity = capacity
        self._waiting: deque[Event] = deque()
        self._taken: Event | None = None
        self._file: JournalFile | None = None
        self._is_whole = True  # what is in the file is what is here
        self.last = 0
        """The running number of the newest event that there ever was."""
        self.lost = 0
        """Events that were lost in all."""
        if directory is not None:
            self._take_up(directory)

    @property
    def waiting(self) -> int:
        """How many events wait, the one that is on its way included."""
        return len(self._waiting) + (self._taken is not None)

    @property
    def outlives(self) -> bool:
        """Whether what waits is on disk."""
        return self._file is not None and self._is_whole

    def append(self, event: Event) -> None:
        """Keep an event."""
        self._waiting.append(event)
        self.last = max(self.last, event.seq)
        self._write(lambda file: file.enter(event))
        self._drop_oldest()

    def take(self) -> Event | None:
        """The oldest event, to be sent; None while the one before is on its way, or without any."""
        if self._taken or not self._waiting:
            return None
        self._taken = self._waiting.popleft()
        return self._taken

    def delivered(self) -> None:
        """Forget the event that was taken: the broker has it."""
        if self._taken:
            seq, self._taken = self._taken.seq, None
            self._write(lambda file: file.leave(seq, self.lost))

    def give_back(self) -> None:
        """Take back the event that was taken: it goes out by another way, before all others."""
        if self._taken:
            self._waiting.appendleft(self._taken)
            self._taken = None

    def refused(self) -> None:
        """Forget the event that was taken: the broker does not want it."""
        self.lost += 1
        self.delivered()

    def sync(self) -> None:
        """Make what is kept outlive a loss of power, too; may wait for the disk."""
        if self.outlives:
            self._write(JournalFile.sync)

    def close(self) -> None:
        """Let another process have the file."""
        if self._file:
            self._file.close()
            self._file = None

    def _take_up(self, directory: Path) -> None:
        try:
            self._file = JournalFile(directory)
            # An earlier daemon may have been allowed more of them.
            left = self._file.read(self._capacity)
        except OSError as error:
            self.close()
            log.warning(
                "no journal on disk, events are kept in memory",
                directory=str(directory),
                reason=error.strerror,
            )
            return
        self._waiting.extend(left.events)
        self.last, self.lost = left.last, left.lost
        self._try(self._rewrite)  # begin with a file that has no more than what waits
        if self._waiting:
            log.info("events of an earlier run wait", count=len(self._waiting))

    def _drop_oldest(self) -> None:
        while len(self._waiting) > self._capacity:
            seq = self._waiting.popleft().seq
            self.lost += 1
            self._write(lambda file, seq=seq: file.leave(seq, self.lost))  # type: ignore[misc]
            log.warning("event dropped, the broker is away", in_all=self.lost)

    def _write(self, change: Callable[[JournalFile], None]) -> None:
        """Make a change that was made here in the file, too."""
        if self._file:
            is_short = self._file.lines < 2 * self.waiting + SLACK_LINES
            self._try(change if self._is_whole and is_short else self._rewrite)

    def _rewrite(self, file: JournalFile) -> None:
        events = [self._taken, *self._waiting] if self._taken else self._waiting
        file.rewrite(events, self.last, self.lost)

    def _try(self, change: Callable[[JournalFile], None]) -> None:
        if self._file is None:
            return
        try:
            change(self._file)
        except OSError as error:
            if self._is_whole:
                log.warning(
                    "journal not written, events are kept in memory",
                    path=str(self._file.path),
                    reason=error.strerror,
                )
            self._is_whole = False
        else:
            self._is_whole = True
