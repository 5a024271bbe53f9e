"""`moodstream replay`: the mood of recordings."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from moodstream.cli.failure import EX_CONFIG, Failure, failures
from moodstream.cli.options import BROKER, BUNDLE, HOP, LOG_LEVEL, PREFIX, configurable, load_config

if TYPE_CHECKING:
    import threading

    from moodstream.config.sections import Config
    from moodstream.replay.batch import Batch, Way


PATIENCE_S = 3.0
"""Seconds to end after a signal. A hop takes a millisecond, a missing broker a second."""


def _layout(_: click.Context, __: click.Parameter, value: str | None) -> Any:
    from moodstream.audio.formats.uncompressed.layout import raw_layout

    try:
        return value and raw_layout(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


class _Location(click.Path):
    """Path, or URL that a cluster can read."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path. A URL keeps its slashes."""
        if "://" in str(value):
            from moodstream.cluster.location import Remote

            return Remote(str(value))
        return super().convert(value, param, ctx)


@click.command()
@click.argument(
    # An unreadable file must not stop the others. It is reported when its turn comes.
    "files",
    nargs=-1,
    required=True,
    type=_Location(path_type=Path, readable=False),
    metavar="FILE…",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "jsonl", "csv"]),
    default="table",
    show_default=True,
    help="Format of the results on standard output.",
)
@click.option("--summary", "brief", is_flag=True, help="Write one line for each file.")
@click.option("--realtime", is_flag=True, help="Replay in real time.")
@click.option("--publish", is_flag=True, help="Also publish the moods to the broker.")
@click.option(
    "--adapt",
    is_flag=True,
    help="Treat the files as recordings of one room, and keep what is learnt about it from "
    "each file to the next. By default, each file starts afresh.",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(0, 256),
    default=1,
    show_default=True,
    metavar="N",
    help="Replay N files at once, each in its own process; 0 means one for each core. Results "
    "keep the order of the files. A file that makes no progress for a minute is abandoned. Not "
    "with --realtime, --publish or --adapt.",
)
@click.option(
    "--dask",
    metavar="URL",
    help="Replay the files on the Dask cluster whose scheduler is at this address, such as "
    "tcp://scheduler:8786. Its workers must see the same paths. URLs such as s3://bucket/music "
    "also work. Needs the extra 'cluster'.",
)
@click.option(
    "--parquet",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write all results as Parquet at the end. For --format csv with --resume.",
)
@click.option(
    "--resume",
    type=click.Path(path_type=Path),
    metavar="RESULTS",
    help="Write to this file instead of standard output, and continue where it ends: files "
    "that already have a summary in it are skipped. For --format csv or jsonl; not with --adapt.",
)
@click.option(
    "--plot",
    type=click.Path(path_type=Path),
    metavar="PICTURE",
    help="Plot one recording to FILE.png or FILE.svg instead of printing results. Needs the "
    "extra [plot].",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="PAGE",
    help="Write FILE.html instead of printing results: a table, a map, and a strip for each "
    "recording.",
)
@click.option(
    "--raw",
    callback=_layout,
    metavar="RATE,CHANNELS,ENCODING",
    help="Read samples without a header. FORM is rate, channels and encoding, such as 16000,1,s16.",
)
@configurable(BROKER, PREFIX, HOP, BUNDLE, LOG_LEVEL)
def replay(path: Path | None, options: dict[str, Any], **asked: Any) -> None:
    """Name the mood of recordings, with the same pipeline, as fast as possible.

    Reads wav, flac, ogg, opus, mp3, aiff, au and caf files; with the extra 'media' also m4a, wma
    and the sound of videos. A directory means all such files in and below it; - means standard
    input. A file that cannot be read to its end is reported, and does not stop the others; the exit
    status is then 1. Ctrl-C keeps the results so far; the exit status is then 130.
    """
    from moodstream.cli.signals import STOPPED, ended_by_signals, stopped_by_signals
    from moodstream.replay.batch import Batch

    plot, report = asked.pop("plot"), asked.pop("report")
    if plot or report:
        from moodstream.cli.drawing import draw

        draw(_settings(path, options), asked["files"], plot, report, asked["raw"])
        return
    batch = Batch(**asked)
    if problems := batch.problems():
        raise click.UsageError("; ".join(problems))
    with _replay_failures(), stopped_by_signals() as stop, ended_by_signals(PATIENCE_S):
        # Only the broker needs logs, and setting them up takes as long as importing numpy.
        config = load_config(path, options) if batch.publish else _settings(path, options)
        is_whole = _replay(config, batch, stop)
    if stop.is_set():
        more = "; the same command continues from there" if batch.resume else ""
        raise Failure(f"stopped before the end{more}", STOPPED)
    if not is_whole:
        sys.exit(1)


def _settings(path: Path | None, options: dict[str, Any]) -> "Config":
    """Return the merged configuration, without setting up logs.

    Raises:
        Failure: the configuration is wrong.
    """
    from moodstream.config.load import load
    from moodstream.config.sections import ConfigError

    try:
        return load(path, os.environ, options)
    except ConfigError as error:
        raise Failure(f"the configuration is wrong:\n{error}", EX_CONFIG) from error


def _replay(config: "Config", batch: "Batch", stop: "threading.Event") -> bool:
    """Replay the files. Return whether all of them were heard and delivered."""
    from moodstream.replay.batch import one_by_one, replay
    from moodstream.replay.progress import quieten_libraries, tell

    way: Way = one_by_one
    if batch.parquet:
        from moodstream.cluster.parquet import require_parquet, write_parquet

        require_parquet()
    if batch.dask:
        batch, way = _on_cluster(batch, batch.dask)
    elif batch.jobs != 1:
        from moodstream.replay.processes.side_by_side import side_by_side as way
    quieten_libraries()
    complaints: list[str] = []
    with ExitStack() as stack:
        sinks = []
        if batch.publish:
            from moodstream.replay.delivery import delivered

            stack.enter_context(failures())
            sinks.append(stack.enter_context(delivered(config, stop, complaints.append)))
        failed = replay(config, batch, way, sinks, stop)
    if batch.parquet and batch.resume:
        write_parquet(batch.resume, batch.parquet)
    for complaint in complaints:
        tell(complaint)
    return not failed and not complaints


def _on_cluster(batch: "Batch", address: str) -> "tuple[Batch, Way]":
    """Return the batch with all files behind its URLs, and the way to process them on a cluster."""
    from moodstream.cluster.location import expanded, require_cluster

    require_cluster()
    from moodstream.cluster.on_dask import on_dask

    return replace(batch, files=tuple(expanded(batch.files))), on_dask(address)


@contextmanager
def _replay_failures() -> Iterator[None]:
    """Turn errors that the user can fix into messages."""
    from moodstream.bundle.bundle import BundleError
    from moodstream.config.sections import ConfigError
    from moodstream.replay.errors import ReplayError

    try:
        yield
    except (BundleError, ConfigError) as error:
        raise Failure(str(error), EX_CONFIG) from error
    except ReplayError as error:
        raise Failure(str(error)) from error
