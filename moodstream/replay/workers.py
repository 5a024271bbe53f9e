"""Processes that hear recordings side by side; one that a recording ends is replaced.

Not a pool of the standard library: there, a process that dies takes the work of all others along.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import StringIO
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Self

from moodstream.assembly import make_pipeline
from moodstream.audio.formats.pcm import Layout
from moodstream.bundle.bundle import Bundle
from moodstream.config.sections import Config
from moodstream.messages.published import Message
from moodstream.messages.sinks import JsonLines
from moodstream.replay.library import Library

AHEAD = 4
"""Recordings that each process may be ahead of the one whose turn it is to be written."""
POLL_S = 0.2
"""After this, whether to stop is looked at again."""

PATIENCE_S = 5.0
"""For a process that has closed its end of the connection, until it has ended."""


class WorkerError(Exception):
    """No process can be started; the message says how the one that was tried ended."""


@dataclass(frozen=True)
class Heard:
    """What one recording gave."""

    lines: str
    """Its states and events as JSON lines, if they were wanted."""
    summary: Message | None
    """None if nothing of it could be heard."""
    complaints: tuple[str, ...]
    """What is wrong with it, a sentence each."""
    failed: bool
    """Whether it could not be read, or not to its end."""


@dataclass(frozen=True)
class Task:
    """What all processes do."""

    config: Config
    models: Bundle
    states: bool
    """Whether states and events are wanted."""
    raw: Layout | None = None
    """Form of the recordings' samples if they have no headers."""

    def hear(self, path: Path) -> Heard:
        """Replay one recording."""
        lines, summaries, complaints = StringIO(), list[Message](), list[str]()
        library = Library(
            lambda: make_pipeline(self.config, self.models),
            self.models.sha256,
            [JsonLines(lines, states=True)] if self.states else [],
            realtime=False,
            stop=threading.Event(),
            raw=self.raw,
            tell=complaints.append,
        )
        library.hear(path, summaries.append, lambda _: None)
        summary = summaries[0] if summaries else None
        return Heard(lines.getvalue(), summary, tuple(complaints), failed=library.failed > 0)


class _Worker:
    """One process: it says that it is ready, takes the task, then a path at a time."""

    def __init__(self, task: Task) -> None:
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._task = task
        self._process = context.Process(target=_work, args=(theirs,), daemon=True)
        with sigint_blocked():
            self._process.start()
        theirs.close()
        self.ready = False
        self.index: int | None = None
        """Of the recording that it hears."""

    def give(self, index: int, path: Path) -> None:
        """Let it hear a recording."""
        self.index = index
        self._send(path)

    def receive(self) -> Heard | None:
        """What it has heard, or None: it is ready for its first recording.

        Raises:
            EOFError: it has died.
        """
        try:
            heard: Heard | None = self.connection.recv()
        except ConnectionResetError as error:
            raise EOFError from error
        if not self.ready:
            # Not among the arguments of the process: if one dies as it reads more of these than a
            # pipe holds, the start of it never returns.
            self.ready = True
            self._send(self._task)
        return heard

    def end(self, patience_s: float = 0.0) -> str:
        """End it if it does not end by itself in good time, and say how it did."""
        self._process.join(patience_s)
        self._process.terminate()
        self._process.join()
        self.connection.close()
        code = self._process.exitcode or 0
        return signal.Signals(-code).name if code < 0 else f"exit status {code}"

    def _send(self, what: object) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # it has died: receive will tell
            self.connection.send(what)


class Workers:
    """Hears recordings in as many processes as are wanted.

    Args:
        task: what they do.
        count: how many.
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

    def hear(
        self, paths: Sequence[Path], stop: threading.Event, done: Callable[[Heard], None]
    ) -> Iterator[Heard]:
        """Hear recordings, and yield what each gave, in their order.

        Args:
            paths: of the recordings.
            stop: ends it early.
            done: told of each as soon as it has been heard, in whatever order.

        Raises:
            WorkerError: a process cannot be started.
        """
        results: dict[int, Heard] = {}
        given_n = 0
        for turn in range(len(paths)):
            while turn not in results:
                end = min(len(paths), turn + AHEAD * len(self._workers))
                for worker in self._workers:
                    if worker.ready and worker.index is None and given_n < end:
                        worker.give(given_n, paths[given_n])
                        given_n += 1
                for index, heard in self._receive(paths):
                    results[index] = heard
                    done(heard)
                if stop.is_set():
                    return
            yield results.pop(turn)

    def _receive(self, paths: Sequence[Path]) -> Iterator[tuple[int, Heard]]:
        """Wait for a moment for what the processes have to say."""
        talking = wait([worker.connection for worker in self._workers], POLL_S)
        for i, worker in enumerate(self._workers):
            if worker.connection not in talking:
                continue
            try:
                heard = worker.receive()
            except EOFError:
                heard = self._replace(i, paths)
            if worker.index is not None and heard is not None:
                yield worker.index, heard
                worker.index = None

    def _replace(self, i: int, paths: Sequence[Path]) -> Heard | None:
        """Start another process for one that has died, and blame the recording that it heard.

        Raises:
            WorkerError: it died before it had any.
        """
        died = self._workers[i]
        how = died.end(PATIENCE_S)
        if not died.ready:
            raise WorkerError(f"a process to hear recordings ended as it started: {how}")
        self._workers[i] = _Worker(self._task)
        if died.index is None:
            return None
        complaint = (
            f"Error: {paths[died.index]}: the process that heard it was ended ({how}); perhaps "
            "memory is short, or a decoder fails on it: try it alone"
        )
        return Heard("", None, (complaint,), failed=True)


@contextmanager
def sigint_blocked() -> Iterator[None]:
    """Processes that are started meanwhile do not hear Ctrl-C, which reaches all of a terminal.

    They are to be ended by the one that starts them; that one hears it afterwards.
    """
    resource_tracker.ensure_running()  # its start would unblock the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0))


def _work(connection: Connection) -> None:
    """The life of a process."""
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # nobody listens any more
        connection.send(None)
        task: Task = connection.recv()
        while True:
            connection.send(task.hear(connection.recv()))
