"""`moodstream replay`: the mood of recordings."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from moodstream.cli.failure import Failure, failures
from moodstream.cli.options import BROKER, BUNDLE, HOP, PREFIX, configured

if TYPE_CHECKING:
    from moodstream.config.sections import Config


def _layout(_: click.Context, __: click.Parameter, value: str | None) -> Any:
    from moodstream.audio.formats.decoder import DecodeError
    from moodstream.audio.formats.pcm import raw_layout

    try:
        return value and raw_layout(value)
    except DecodeError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "jsonl", "csv"]),
    default="table",
    show_default=True,
    help="What is written to standard output.",
)
@click.option("--realtime", is_flag=True, help="As slowly as it would be heard.")
@click.option("--publish", is_flag=True, help="Also send to the broker.")
@click.option(
    "--adapt",
    is_flag=True,
    help="The files are of one room: what is learnt of it is kept from each file to the next. "
    "Without this, each is heard as if it were the first.",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(0, 256),
    default=1,
    show_default=True,
    metavar="N",
    help="Hear N files at once, each in a process of its own; 0 is one for each core. Results keep "
    "the order of the files. Not with --realtime, --publish or --adapt.",
)
@click.option(
    "--resume",
    type=click.Path(path_type=Path),
    metavar="RESULTS",
    help="Write to this file in place of standard output, and go on where it ends: files whose "
    "summary it holds are skipped. For --format csv or jsonl; not with --adapt.",
)
@click.option(
    "--raw",
    callback=_layout,
    metavar="RATE,CHANNELS,ENCODING",
    help="The files are samples without a header, such as 16000,1,s16.",
)
@configured(BROKER, PREFIX, HOP, BUNDLE)
def replay(config: "Config", **asked: Any) -> None:
    """Name the mood of recordings: the same pipeline, as fast as it goes.

    Reads wav, flac, ogg, opus, mp3, aiff, au and caf; with the extra 'media' also m4a, wma and the
    sound of videos. A directory stands for all such files in and below it, - for standard input.
    A file that cannot be read to its end is reported, and the exit status is then 1.
    Ctrl-C keeps what is done; the exit status is then 130.
    """
    from moodstream.cli.signals import stopped_by_signals
    from moodstream.replay.batch import Batch, BatchError, hear

    batch = Batch(**asked)
    if problems := batch.problems():
        raise click.UsageError("; ".join(problems))
    with failures(), stopped_by_signals() as stop:
        try:
            failed = hear(config, batch, stop)
        except BatchError as error:
            raise Failure(str(error)) from error
    if stop.is_set():
        go_on = "; the same command goes on from there" if batch.resume else ""
        raise Failure(f"stopped before the end{go_on}", 130)
    if failed:
        sys.exit(1)
