"""Processes that replay recordings in parallel; a crashed or stalled one is replaced.

This is not a pool of the standard library, where a process that dies breaks all others. It is not
Pebble either, whose time limit is for a whole task: a long recording is not stuck.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path
from types import TracebackType
from typing import Self

from moodstream.replay.errors import WorkerError
from moodstream.replay.processes.worker import Outcome, Progressed, Task
from moodstream.replay.progress import Progress

AHEAD = 4
"""Number of recordings that each process may be ahead of the next result."""
POLL_S = 0.2
"""Seconds between two checks for a stop and for stalls."""
STALL_S = 60.0
"""Seconds without progress after which a recording is abandoned."""
PATIENCE_S = 5.0
"""Seconds that a process has to end."""
PROGRAM = (
    "import sys; from moodstream.replay.processes.worker import work; work(*map(int, sys.argv[1:]))"
)


class _Worker:
    """Child process, which says that it is ready, receives the task, then one path at a time."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self.connection, theirs = Pipe()
        # In its own process group, so that Ctrl-C reaches only the parent, which then ends it.
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", PROGRAM, str(theirs.fileno()), str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env={
                "OPENBLAS_NUM_THREADS": "1",  # threads slow down work on such small arrays
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            },
            process_group=0,
        )
        theirs.close()
        self.ready = False
        self.index: int | None = None
        """Number of the recording that it replays."""
        self.moved_s = time.monotonic()
        """Time of the last sign of progress."""

    @property
    def is_stuck(self) -> bool:
        """Whether its recording has made no progress for too long."""
        return self.index is not None and time.monotonic() - self.moved_s > STALL_S

    def give(self, index: int, path: Path) -> None:
        """Start the replay of a recording."""
        self.index, self.moved_s = index, time.monotonic()
        self._send(path)

    def receive(self) -> Outcome | Progressed | None:
        """Return an outcome or progress; None says that it is ready for its first recording.

        Raises:
            EOFError: it has died.
        """
        try:
            message: Outcome | Progressed | None = self.connection.recv()
        except ConnectionResetError as error:
            raise EOFError from error
        self.moved_s = time.monotonic()
        if not self.ready:
            self.ready = True
            self._send(self._task)
        return message

    def end(self, patience_s: float = 0.0) -> str:
        """End the process if it does not end by itself in time; return how it ended."""
        self.connection.close()
        for number, wait_s in (
            (None, patience_s),
            (signal.SIGTERM, PATIENCE_S),
            (signal.SIGKILL, PATIENCE_S),
        ):
            if number:
                self._process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                code = self._process.wait(wait_s)
                return signal.Signals(-code).name if code < 0 else f"exit status {code}"
        return "left behind, in an uninterruptible read"

    def _send(self, what: object) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # it has died: receive() reports that
            self.connection.send(what)


class Workers:
    """Processes that replay recordings.

    Args:
        task: work common to all.
        count: number of processes.
    """

    def __init__(self, task: Task, count: int) -> None:
        self._task = task
        self._workers = [_Worker(task) for _ in range(count)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            worker.end()

    def replay(
        self, paths: Sequence[Path], stop: threading.Event, progress: Progress
    ) -> Iterator[Outcome]:
        """Replay recordings, and yield their outcomes in their order.

        Args:
            paths: of the recordings.
            stop: ends it early.
            progress: shows the progress of each.

        Raises:
            WorkerError: a process cannot be started.
        """
        outcomes: dict[int, Outcome] = {}
        given_n = 0
        for turn in range(len(paths)):
            while turn not in outcomes:
                end = min(len(paths), turn + AHEAD * len(self._workers))
                for worker in self._workers:
                    if worker.ready and worker.index is None and given_n < end:
                        worker.give(given_n, paths[given_n])
                        given_n += 1
                for index, message in self._receive(paths):
                    if isinstance(message, Progressed):
                        progress.advance(paths[index], message.heard_s, message.behind)
                    else:
                        outcomes[index] = message
                        progress.advance(paths[index], message.heard_s, 1.0)
                        progress.done(paths[index])
                if stop.is_set():
                    return
            yield outcomes.pop(turn)

    def _receive(self, paths: Sequence[Path]) -> Iterator[tuple[int, Outcome | Progressed]]:
        """Wait for a moment, and yield the reports of the processes about their recordings."""
        talking = wait([worker.connection for worker in self._workers], POLL_S)
        for i, worker in enumerate(self._workers):
            message: Outcome | Progressed | None
            if worker.connection in talking:
                try:
                    message = worker.receive()
                except EOFError:
                    message = self._replace_dead(i, paths)
            elif worker.is_stuck:
                message = self._replace_stuck(i, paths)
            else:
                continue
            if worker.index is not None and message is not None:
                yield worker.index, message
                if isinstance(message, Outcome):
                    worker.index = None

    def _replace_dead(self, i: int, paths: Sequence[Path]) -> Outcome | None:
        """Replace a process that has died, and report its recording.

        Raises:
            WorkerError: it died before it had a recording.
        """
        died = self._workers[i]
        how = died.end(PATIENCE_S)
        if not died.ready:
            raise WorkerError(f"a process to replay recordings ended at its start: {how}")
        self._workers[i] = _Worker(self._task)
        if died.index is None:
            return None
        return _lost(
            f"Error: {paths[died.index]}: the process that replayed it was ended ({how}); "
            f"perhaps memory is short, or a decoder crashes on it: try this file alone"
        )

    def _replace_stuck(self, i: int, paths: Sequence[Path]) -> Outcome:
        """Replace a process that makes no progress, and abandon its recording."""
        stuck = self._workers[i]
        stuck.end()
        self._workers[i] = _Worker(self._task)
        return _lost(
            f"Error: {paths[stuck.index or 0]}: no progress for {STALL_S:.0f} s, abandoned; "
            f"perhaps its disk or network does not answer, or it is a pipe without a writer"
        )


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0))


def _lost(complaint: str) -> Outcome:
    return Outcome("", None, (complaint,), failed=True)
