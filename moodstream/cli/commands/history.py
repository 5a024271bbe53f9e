"""`moodstream history`: past moods."""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

import click

from moodstream.cli.failure import Failure

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(invoke_without_command=True)
@click.option("--csv", "style", flag_value="csv", help="Write CSV.")
@click.option("--jsonl", "style", flag_value="jsonl", help="Write JSON, one object for each line.")
@click.option(
    "--plot", type=click.Path(path_type=Path), help="Draw a picture: FILE.png or FILE.svg."
)
@click.option("--room", metavar="PREFIX", help="Only this room; default: all rooms.")
@click.option("--from", "first", type=DAY, help="First day; default: seven days ago.")
@click.option("--to", "last", type=DAY, help="Last day; default: today.")
@click.option(
    "--each",
    type=click.Choice(["minute", "hour", "day"]),
    default="day",
    show_default=True,
    help="Time that each line covers.",
)
@click.pass_context
def history(
    context: click.Context,
    *,
    style: str | None,
    plot: Path | None,
    room: str | None,
    first: datetime | None,
    last: datetime | None,
    each: str,
) -> None:
    """Show, plot or export what `moodstream web` has recorded.

    The history is in $STATE_DIRECTORY, $XDG_STATE_HOME/moodstream or ~/.local/state/moodstream. For
    the service: sudo STATE_DIRECTORY=/var/lib/moodstream-web moodstream history ...
    """
    if context.invoked_subcommand:
        return
    from moodstream.history.calendar import start

    end = (last or datetime.now().astimezone()).date() + timedelta(days=1)
    begin = first.date() if first else end - timedelta(days=7)
    if begin >= end:
        raise click.UsageError("--from is after --to")
    span_s = start(begin), start(end)
    if plot:
        _draw(plot, span_s, room)
    else:
        _write(style, span_s, room, {"minute": 60, "hour": 3600, "day": 0}[each])


@history.command()
@click.option("--before", type=DAY, required=True, help="First day to keep.")
def forget(before: datetime) -> None:
    """Permanently remove everything before a day."""
    import sqlite3

    from moodstream.history import database
    from moodstream.history.calendar import start

    path = _path()
    try:
        removed = database.forget(path, start(before.date()))
    except (sqlite3.Error, OSError) as error:
        raise Failure(f"{path}: {error}") from error
    click.echo(f"Removed: {removed} rows before {before.date()}")


def _write(style: str | None, span_s: tuple[int, int], room: str | None, each_s: int) -> None:
    import sqlite3

    from moodstream.history import export
    from moodstream.history.reading import opened

    path = _path()
    try:
        with opened(path) as past:
            rows = past.spans(*span_s, each_s, room) if each_s else past.days(*span_s, room)
            if style == "csv":
                export.write_csv(rows, sys.stdout)
            elif style == "jsonl":
                export.write_jsonl(rows, sys.stdout)
            else:
                for line in export.table(rows):
                    click.echo(line)
    except sqlite3.Error as error:
        raise Failure(f"{path}: {error}") from error


def _draw(plot: Path, span_s: tuple[int, int], room: str | None) -> None:
    import sqlite3

    from moodstream.cli.extra import needs

    with needs("plot", "matplotlib"):
        from moodstream.pictures.past import draw
    from moodstream.history.reading import opened

    path = _path()
    try:
        with opened(path) as past:
            draw(past, span_s, room, plot)
    except (sqlite3.Error, ValueError) as error:
        raise Failure(f"{path}: {error}") from error
    except OSError as error:
        raise Failure(f"{plot}: {error.strerror or error}") from error


def _path() -> Path:
    from moodstream.daemon.state_directory import state_directory
    from moodstream.history.database import NAME

    directory = state_directory(os.environ)
    if directory is None:
        raise Failure(
            "there is no state directory: neither $STATE_DIRECTORY, $XDG_STATE_HOME "
            "nor $HOME is set"
        )
    if not (directory / NAME).exists():
        raise Failure(f"nothing was recorded: there is no {directory / NAME}; run 'moodstream web'")
    return directory / NAME
