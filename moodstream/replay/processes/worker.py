"""Process that replays recordings for a parent, which ends it if it gets stuck."""

import ctypes
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from multiprocessing.connection import Connection
from pathlib import Path

from moodstream.assembly import make_pipeline
from moodstream.audio.formats.uncompressed.layout import Layout
from moodstream.bundle.bundle import Bundle
from moodstream.config.sections import Config
from moodstream.messages.published import Message
from moodstream.messages.sinks import JsonLines
from moodstream.replay.files import message_name
from moodstream.replay.library import Library
from moodstream.replay.progress import quieten_libraries

PROGRESS_S = 0.5
"""Seconds between two messages about progress."""
PR_SET_PDEATHSIG = 1
"""Option of ``linux/prctl.h`` that sets the signal sent when the parent ends."""


@dataclass(frozen=True)
class Task:
    """Work common to all processes."""

    config: Config
    models: Bundle
    settings: str
    """Fingerprint of the settings."""
    states: bool
    """Whether states and events are wanted."""
    raw: Layout | None = None
    """Format of the samples if the recordings have no headers."""


@dataclass(frozen=True)
class Progressed:
    """Progress within a recording."""

    heard_s: float
    """Seconds heard since the last message."""
    behind: float
    """Part of the file that has been heard, 0 .. 1."""


@dataclass(frozen=True)
class Outcome:
    """Results of one recording."""

    lines: str
    """States and events as JSON lines, if they were wanted."""
    summary: Message | None
    """Summary; None if nothing could be heard."""
    complaints: tuple[str, ...]
    """Complaints about the recording, a sentence each."""
    failed: bool
    """Whether it could not be read completely."""
    heard_s: float = 0.0
    """Seconds heard since the last message about progress."""


def work(descriptor: int, parent: int) -> None:
    """Say that the process is ready, receive the task, then receive paths, one at a time.

    Args:
        descriptor: file descriptor of the connection to the parent.
        parent: its process id.
    """
    _end_with(parent)
    connection = Connection(descriptor)
    quieten_libraries()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the parent has ended
        connection.send(None)
        task: Task = connection.recv()
        while True:
            connection.send(_replay(task, connection.recv(), connection))


def _replay(task: Task, path: Path, connection: Connection) -> Outcome:
    lines, summaries, complaints = StringIO(), list[Message](), list[str]()
    library = Library(
        lambda: make_pipeline(task.config, task.models),
        task.models.sha256,
        task.settings,
        realtime=False,
        stop=threading.Event(),
        tell=complaints.append,
        raw=task.raw,
    )
    sinks = [JsonLines(lines, states=True, file=message_name(path))] if task.states else []
    reporter = _Reporter(connection)
    library.replay(path, sinks, summaries.append, reporter.advance)
    return Outcome(
        lines.getvalue(),
        summaries[0] if summaries else None,
        tuple(complaints),
        failed=library.failed > 0,
        heard_s=reporter.heard_s,
    )


class _Reporter:
    """Sender of regular progress."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sent_s = time.monotonic()
        self.heard_s = 0.0
        """Seconds heard since the last message."""

    def advance(self, heard_s: float, behind: float) -> None:
        """Add seconds, and send the progress if it is time."""
        self.heard_s += heard_s
        if (now_s := time.monotonic()) - self._sent_s >= PROGRESS_S:
            self._connection.send(Progressed(self.heard_s, behind))
            self.heard_s, self._sent_s = 0.0, now_s


def _end_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, even while a read hangs."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before that
        sys.exit(1)
