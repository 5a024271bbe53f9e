"""Batch of recordings: from the user's request to written results."""

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from moodstream.assembly import load_bundle, make_pipeline, specs
from moodstream.audio.formats.choice import STDIN
from moodstream.audio.formats.uncompressed.layout import Layout
from moodstream.bundle.bundle import Bundle
from moodstream.config.sections import Config
from moodstream.features.normalise import Normaliser
from moodstream.messages.sinks import Sink
from moodstream.outlet import lead_nowhere
from moodstream.replay.errors import OutputError
from moodstream.replay.files import Found, find, message_name
from moodstream.replay.library import Library
from moodstream.replay.progress import Progress, tell
from moodstream.replay.results import Results, resumed
from moodstream.replay.settings import fingerprint
from moodstream.replay.writers import WRITERS, Writer, standard_output


@dataclass(frozen=True)
class Batch:
    """Request of the user; the fields are named as the options of the command."""

    files: tuple[Path, ...]
    """Files, or directories of them."""
    style: str
    """table, jsonl or csv."""
    brief: bool
    """Whether to write one line for each file."""
    realtime: bool
    """Whether to replay in real time."""
    publish: bool
    """Whether to also publish to the broker."""
    adapt: bool
    """Whether to keep what is learnt about the room from file to file."""
    jobs: int
    """Files replayed at once; 0 is one for each core."""
    raw: Layout | None
    """Format of samples without headers."""
    resume: Path | None
    """File of results to continue; None writes to standard output."""
    dask: str | None = None
    """Address of a cluster's scheduler; None replays on this machine."""
    parquet: Path | None = None
    """File for an additional copy of the results as Parquet; None writes none."""

    def problems(self) -> list[str]:
        """Return the contradictions, a sentence each."""
        beside = "--dask" if self.dask else "--jobs"
        is_alone = self.jobs == 1 and not self.dask
        found = [
            f"--{flag} needs one file after the other: leave out {beside}"
            for flag in ("realtime", "publish", "adapt")
            if getattr(self, flag) and not is_alone
        ]
        if STDIN in self.files and not is_alone:
            found.append(f"only this process can read standard input: leave out {beside}")
        if self.dask and self.jobs != 1:
            found.append(
                "the cluster decides how many files are processed at once: leave out --jobs"
            )
        if not self.dask and any("://" in str(path) for path in self.files):
            found.append("only a cluster can read URLs: add --dask tcp://SCHEDULER:8786")
        if self.parquet and not (self.resume and self.style == "csv"):
            found.append("--parquet is made from a file of results: add --format csv --resume FILE")
        if self.resume and self.adapt:
            found.append("--resume cannot restore what --adapt has learnt: leave out one of them")
        if self.resume and self.style == "table":
            found.append("--resume continues results for programs: add --format csv or jsonl")
        return found


@dataclass(frozen=True)
class Session:
    """Everything needed to replay a batch."""

    config: Config
    models: Bundle
    batch: Batch
    settings: str
    """Fingerprint of the settings, for the summaries."""
    files: Sequence[Path]
    """Recordings to replay."""
    sinks: Sequence[Sink]
    """Sinks for states and events, in addition to the writer's."""
    writer: Writer
    progress: Progress
    stop: threading.Event
    """Event that ends it early."""


Way = Callable[[Session], int]
"""Function that replays the files of a session, and returns how many could not be read, or not to
their end."""


def replay(
    config: Config, batch: Batch, way: Way, sinks: Sequence[Sink], stop: threading.Event
) -> int:
    """Replay recordings and write the results; end early if told to stop.

    Args:
        config: all settings.
        batch: request of the user.
        way: one file after the other, or several at once.
        sinks: also receive states and events.
        stop: ends it early.

    Returns:
        number of files and directories that could not be read, or not to their end.

    Raises:
        BundleError, ConfigError, OutputError, ResultsError, WorkerError: it cannot continue.
    """
    models = load_bundle(config)
    hop_s, adapt, raw = config.pipeline.hop_s, batch.adapt, batch.raw
    settings = fingerprint(models.sha256, hop_s, *specs(config, models), adapt=adapt, raw=raw)
    found = find(batch.files)
    with ExitStack() as stack:
        results = stack.enter_context(
            resumed(batch.resume, batch.style, settings)
            if batch.resume
            else _to_standard_output(batch.style)
        )
        writer = WRITERS[batch.style](results.stream, brief=batch.brief)
        stack.callback(writer.close)
        if results.empty:
            writer.begin()
        left = [*results.missing(found.files)]
        _tell_about(found, len(found.files) - len(left), batch)
        shown = sys.stderr.isatty() and (batch.style == "table" or not results.stream.isatty())
        progress = stack.enter_context(Progress(left, hidden=not shown))
        session = Session(config, models, batch, settings, left, sinks, writer, progress, stop)
        return way(session) + len(found.unreachable)


def one_by_one(session: Session) -> int:
    """Replay one file after the other."""
    config, models, batch = session.config, session.models, session.batch
    room = Normaliser(models.card.normalisation) if batch.adapt else None
    library = Library(
        lambda: make_pipeline(config, models, room),
        models.sha256,
        session.settings,
        realtime=batch.realtime,
        stop=session.stop,
        tell=tell,
        raw=batch.raw,
    )
    for path in session.files:
        if session.stop.is_set():
            break
        sinks = [*session.writer.sinks(message_name(path)), *session.sinks]
        library.replay(path, sinks, session.writer.summary, partial(session.progress.advance, path))
        session.progress.done(path)
    library.end(session.sinks)
    return library.failed


def _tell_about(found: Found, done_n: int, batch: Batch) -> None:
    for complaint in found.unreachable:
        tell(f"Error: {complaint}")
    if remark := found.remark():
        tell(remark)
    if done_n:
        tell(f"{done_n} of {len(found.files)} files are in {batch.resume} already")


@contextmanager
def _to_standard_output(style: str) -> Iterator[Results]:
    """Write to standard output.

    Raises:
        OutputError: it cannot be written.
    """
    stream = standard_output(sys.stdout, style)
    try:
        yield Results(stream, Counter(), empty=True)
    except BrokenPipeError:  # the reader has closed the pipe
        raise
    except OSError as error:
        lead_nowhere(sys.stdout)
        raise OutputError(f"standard output: {error.strerror or error}") from error
