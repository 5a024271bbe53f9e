"""What `moodstream replay` does: recordings in, a report out."""

import sys
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path

from moodstream.assembly import load_bundle, make_pipeline, publishing_beside, running_broker
from moodstream.audio.formats.pcm import Layout
from moodstream.bundle.bundle import Bundle
from moodstream.config.sections import Config
from moodstream.features.normalise import Normaliser
from moodstream.messages.sinks import Sink
from moodstream.replay.library import Library, recordings
from moodstream.replay.progress import Progress, tell
from moodstream.replay.report import REPORTS, Report
from moodstream.replay.results import Results, ResultsError, resumed
from moodstream.replay.workers import Heard, Task, WorkerError, Workers, cores

BatchError = (ResultsError, WorkerError)
"""The batch cannot be gone on with; the message says why."""


@dataclass(frozen=True)
class Batch:
    """What is asked for; named as the options of the command."""

    files: tuple[Path, ...]
    """Or directories of them."""
    style: str
    """table, jsonl or csv."""
    realtime: bool
    publish: bool
    adapt: bool
    """Whether what is learnt of the room is kept from file to file."""
    jobs: int
    """Files heard at once; 0 is one for each core."""
    raw: Layout | None
    """Form of samples without headers."""
    resume: Path | None
    """File of results to go on with; None writes to standard output."""

    def problems(self) -> list[str]:
        """What contradicts itself, a sentence each."""
        found = [
            f"--{flag} needs one file after the other: leave out --jobs"
            for flag in ("realtime", "publish", "adapt")
            if getattr(self, flag) and self.jobs != 1
        ]
        if self.resume and self.adapt:
            found.append("--resume does not know what --adapt has learnt: leave out one of them")
        if self.resume and self.style == "table":
            found.append("--resume goes on with results for programs: add --format csv or jsonl")
        return found


def hear(config: Config, batch: Batch, stop: threading.Event) -> int:
    """Hear recordings and report what was heard; end early if told to stop.

    Returns:
        how many could not be read, or not to their end.

    Raises:
        BatchError, BrokerError, BundleError, ConfigError: what cannot be gone on with.
    """
    models = load_bundle(config)
    with ExitStack() as stack:
        results = stack.enter_context(
            resumed(batch.resume, batch.style)
            if batch.resume
            else nullcontext(Results(sys.stdout, Counter(), empty=True))
        )
        report = REPORTS[batch.style](results.stream)
        stack.callback(report.close)
        if results.empty:
            report.begin()
        files = [*recordings(batch.files)]
        left = [*results.missing(files)]
        if len(left) < len(files):
            tell(f"{len(files) - len(left)} of {len(files)} files are in {batch.resume} already")
        shown = sys.stderr.isatty() and (batch.style == "table" or not results.stream.isatty())
        progress = stack.enter_context(Progress(left, hidden=not shown))
        way = _one_by_one if batch.jobs == 1 else _side_by_side
        return way(config, models, batch, left, report, progress, stop)


def _one_by_one(
    config: Config,
    models: Bundle,
    batch: Batch,
    files: Sequence[Path],
    report: Report,
    progress: Progress,
    stop: threading.Event,
) -> int:
    with ExitStack() as stack:
        brokers: list[Sink] = []
        if batch.publish:
            connection = stack.enter_context(running_broker(config))
            brokers.append(stack.enter_context(publishing_beside(config, connection)))
        room = Normaliser(models.card.normalisation) if batch.adapt else None
        library = Library(
            lambda: make_pipeline(config, models, room),
            models.sha256,
            [*([report.sink] if report.sink else []), *brokers],
            realtime=batch.realtime,
            stop=stop,
            tell=tell,
            raw=batch.raw,
        )
        for path in files:
            library.hear(path, report.summary, progress.heard)
            progress.done()
        library.end(brokers)
        return library.failed


def _side_by_side(
    config: Config,
    models: Bundle,
    batch: Batch,
    files: Sequence[Path],
    report: Report,
    progress: Progress,
    stop: threading.Event,
) -> int:
    def done(heard: Heard) -> None:
        progress.heard(heard.summary["duration"] if heard.summary else 0.0)
        progress.done()

    make_pipeline(config, models)  # what is wrong with the settings is told here, once
    task = Task(config, models, states=report.sink is not None, raw=batch.raw)
    failed = 0
    with Workers(task, min(batch.jobs or cores(), len(files))) as workers:
        for heard in workers.hear(files, stop, done):
            report.stream.write(heard.lines)
            if heard.summary:
                report.summary(heard.summary)
            for complaint in heard.complaints:
                tell(complaint)
            failed += heard.failed
    return failed
