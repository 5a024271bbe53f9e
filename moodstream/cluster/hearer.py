"""Plugin of the cluster's workers, which analyses recordings in the processes of ``--jobs``.

Each recording is analysed in a child process. If it crashes or hangs, neither the cluster's worker
nor the recordings of its other threads are affected.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker
from distributed.utils import sync

from moodstream.cluster.location import LocationError, local
from moodstream.messages.published import encode
from moodstream.replay.files import message_name
from moodstream.replay.processes.worker import Outcome, Task
from moodstream.replay.processes.workers import Workers
from moodstream.replay.progress import Progress


class Hearer(WorkerPlugin):
    """Processes of one worker; they are kept from recording to recording.

    Args:
        task: work common to all recordings.
    """

    def __init__(self, task: Task) -> None:
        self.task = task

    def setup(self, worker: Worker) -> None:
        """Prepare for recordings."""
        del worker
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._idle: list[Workers] = []

    def teardown(self, worker: Worker) -> None:
        """End all processes; those at work end at their next sign of life."""
        del worker
        self._stop.set()
        with self._lock:
            while self._idle:
                self._idle.pop().__exit__(None, None, None)

    def hear(self, location: str, name: str) -> Outcome:
        """Analyse a recording, and return the results.

        Args:
            location: absolute path, or URL.
            name: path or URL as the user has written it.
        """
        try:
            with local(location) as path, self._process() as process:
                with Progress([path], hidden=True) as progress:
                    outcomes = [*process.replay([path], self._stop, progress)]
                outcome = outcomes[0] if outcomes else Outcome("", None, (), failed=True)
                return named(outcome, path, Path(name) if "://" not in name else None, name)
        except LocationError as error:
            return Outcome("", None, (f"Error: {error}",), failed=True)

    @contextmanager
    def _process(self) -> Iterator[Workers]:
        with self._lock:
            process = self._idle.pop() if self._idle else Workers(self.task, 1)
        try:
            yield process
        finally:
            with self._lock:
                if self._stop.is_set():
                    process.__exit__(None, None, None)
                else:
                    self._idle.append(process)


def hear(plugin: str, location: str, name: str, number: int) -> Outcome:
    """Hear a recording on the worker that runs this; Dask calls it.

    It first logs the number with the scheduler, as an event of the plugin's name. If the worker
    ends, that tells the recording that was being heard from those that waited behind it.

    Args:
        plugin: name of the :class:`Hearer`.
        location: absolute path, or URL.
        name: path or URL as the user has written it.
        number: of the recording.
    """
    worker: Any = get_worker()
    # Worker.log_event would not wait for it to arrive.
    sync(worker.loop, worker.scheduler.log_event, topic=plugin, msg=number)
    hearer = worker.plugins[plugin]
    outcome: Outcome = hearer.hear(location, name)
    return outcome


def named(outcome: Outcome, path: Path, written: Path | None, name: str) -> Outcome:
    """Return the results with the file's name replaced by another.

    Args:
        outcome: of the file.
        path: of the file.
        written: path that the user has written; None for a URL.
        name: path or URL that the user has written.
    """
    if written == path:
        return outcome
    shown = name if written is None else message_name(written)
    before, after = (encode({"": text})[4:-1] for text in (message_name(path), shown))
    return replace(
        outcome,
        # Both texts include the quotes, so that a part of another name is never changed.
        lines=outcome.lines.replace(before, after),
        summary=outcome.summary and {**outcome.summary, "file": shown},
        complaints=tuple(text.replace(str(path), name, 1) for text in outcome.complaints),
    )
