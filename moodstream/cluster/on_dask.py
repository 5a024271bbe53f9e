"""Batch of recordings, analysed by the workers of a Dask cluster; results keep their order."""

import logging
import math
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any
from uuid import uuid4

from distributed import Client, KilledWorker
from distributed.comm.addressing import resolve_address

from moodstream.assembly import make_pipeline
from moodstream.cluster.hearer import Hearer, hear
from moodstream.cluster.location import Remote
from moodstream.replay.batch import Session, Way
from moodstream.replay.errors import WorkerError
from moodstream.replay.processes.worker import Outcome, Task
from moodstream.replay.processes.workers import AHEAD
from moodstream.replay.progress import tell

CONNECT_S = 20.0
"""Seconds for the scheduler to answer."""
POLL_S = 0.2
"""Seconds between two checks for a request to stop."""
LOOK_S = 1.0
"""Seconds after which the workers are counted again."""
MOST_TRIES = 4
"""Number of times that a file is given to workers that end before they begin with it."""
LOST = "the connection to the scheduler was lost; with --resume, the same command continues"
KILLED = (
    "abandoned, because several workers of the cluster ended while they heard it; perhaps they "
    "are short of memory"
)


def on_dask(address: str) -> Way:
    """Return a way to replay files on a cluster.

    Args:
        address: of the scheduler, such as ``tcp://scheduler:8786``.
    """

    def way(session: Session) -> int:
        make_pipeline(session.config, session.models)  # reports errors in the settings once
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            resolve_address(address)  # a client that has failed at this complains as it is deleted
            client: Any = Client(address, timeout=CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise WorkerError(f"{address}: no Dask scheduler answers: {error}") from error
        with client:
            return _replay(session, client, address)

    return way


def _replay(session: Session, client: Any, address: str) -> int:
    writer, progress = session.writer, session.progress
    task = Task(session.config, session.models, session.settings, writer.states, session.batch.raw)
    plugin = f"moodstream-{uuid4().hex}"
    try:
        client.register_plugin(Hearer(task), name=plugin)
    except Exception as error:  # whatever a worker has raised
        raise WorkerError(
            f"{address}: a worker cannot load moodstream ({error}); install the same version of "
            "'moodstream[cluster]' on all of them"
        ) from error
    failed = 0
    try:
        for path, outcome in zip(session.files, _outcomes(session, client, plugin), strict=False):
            writer.stream.write(outcome.lines)
            if outcome.summary:
                writer.summary(outcome.summary)
                progress.advance(path, outcome.summary["duration"], 1.0)
            for complaint in outcome.complaints:
                tell(complaint)
            progress.done(path)
            failed += outcome.failed
    finally:
        if client.status == "running":
            client.unregister_worker_plugin(plugin)
    return failed


def _outcomes(session: Session, client: Any, plugin: str) -> Iterator[Outcome]:
    """Yield the results of the files in their order, until told to stop."""
    futures: dict[int, Any] = {}
    files = session.files
    given_n = 0
    slots, looked_s, waits = 0, -math.inf, False
    arrived = threading.Event()
    tries: Counter[int] = Counter()

    def give(i: int) -> None:
        tries[i] += 1
        futures[i] = _submitted(client, plugin, i, files[i], tries[i])
        futures[i].add_done_callback(lambda _: arrived.set())

    try:
        for turn in range(len(files)):
            while True:
                if time.monotonic() - looked_s > LOOK_S:
                    slots, looked_s = _slots(client), time.monotonic()
                    if not slots and not waits:
                        tell("Waiting: the cluster currently has no workers")
                    waits = not slots
                # Only a few are submitted at once, because results wait in the memory of the
                # workers.
                end = min(len(files), turn + max(1, AHEAD * slots))
                for i in range(given_n, end):
                    give(i)
                given_n = max(given_n, end)
                if session.stop.is_set():
                    return
                arrived.clear()
                if not futures[turn].done():
                    arrived.wait(POLL_S)
                elif tries[turn] < MOST_TRIES and _waited_only(client, plugin, futures[turn], turn):
                    give(turn)
                else:
                    break
            yield _outcome(futures.pop(turn), files[turn])
    finally:
        client.cancel([*futures.values()], force=True)


def _waited_only(client: Any, plugin: str, future: Any, number: int) -> bool:
    """Return whether a file was lost with workers that had not begun with it.

    Dask blames all files that a worker was given, also those that waited for their turn.
    """
    if future.status != "error" or not isinstance(future.exception(), KilledWorker):
        return False
    return number not in {begun for _, begun in client.get_events(plugin)}


def _slots(client: Any) -> int:
    """Return the number of files that the workers analyse at once.

    Raises:
        WorkerError: the scheduler has gone.
    """
    try:
        return sum(client.nthreads().values())
    except OSError as error:
        raise WorkerError(LOST) from error


def _outcome(future: Any, path: Path) -> Outcome:
    """Return the results of a file that has been heard, or has failed.

    Raises:
        WorkerError: the scheduler has gone.
    """
    try:
        outcome: Outcome = future.result()
    except CancelledError as error:
        raise WorkerError(LOST) from error
    except KilledWorker:
        return _lost(path, KILLED)
    except Exception as error:  # noqa: BLE001 - whatever a worker has raised
        return _lost(path, f"a worker failed: {error!r}")
    return outcome


def _submitted(client: Any, plugin: str, number: int, path: Path, attempt: int) -> Any:
    location = str(path) if isinstance(path, Remote) else os.fspath(path.absolute())
    key = f"{plugin}-{number}-{attempt}"
    arguments = plugin, location, str(path), number
    return client.submit(hear, *arguments, key=key, priority=-number, pure=False)


def _lost(path: Path, reason: str) -> Outcome:
    return Outcome("", None, (f"Error: {path}: {reason}",), failed=True)
