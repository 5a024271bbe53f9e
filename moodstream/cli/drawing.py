"""The pictures of `moodstream replay --plot` and `--report`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from moodstream.cli.extra import needs
from moodstream.cli.failure import Failure, failures

if TYPE_CHECKING:
    from moodstream.audio.formats.uncompressed.layout import Layout
    from moodstream.config.sections import Config


def draw(
    config: "Config",
    files: tuple[Path, ...],
    plot: Path | None,
    report: Path | None,
    raw: "Layout | None",
) -> None:
    """Plot one recording, or write a report about many.

    Args:
        config: all settings.
        files: recordings, or directories of them.
        plot: file of the picture; None for none.
        report: file of the report; None for none.
        raw: format of the samples if the recordings have no headers.

    Raises:
        Failure: a recording cannot be read, or the picture cannot be written.
    """
    from moodstream.audio.file import AudioFileError
    from moodstream.cli.signals import stopped_by_signals
    from moodstream.pictures import drawing

    if plot and (report or len(files) > 1):
        raise click.UsageError("--plot draws one recording, and cannot be used with --report")
    written = plot or report
    failed = 0
    with failures(), stopped_by_signals() as stop:
        try:
            if plot:
                with needs("plot", "matplotlib"):
                    damage = drawing.plot(config, files[0], plot, raw)
                if damage:
                    click.echo(f"Warning: {damage}", err=True)
                    failed = 1
            elif report:
                failed = drawing.report(config, files, report, stop, raw)
        except (AudioFileError, ValueError) as error:
            raise Failure(str(error)) from error
        except OSError as error:
            raise Failure(f"{written}: {error.strerror or error}") from error
    click.echo(f"Wrote {written}")
    if failed:
        sys.exit(1)
