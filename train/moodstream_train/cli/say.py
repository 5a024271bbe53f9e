"""Lines of progress, and the line that goes on after Ctrl-C."""

import errno
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from moodstream_train.errors import TrainingError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Errors of a disk, a quota or a file that is full."""
STOPPED = 130
"""Exit status after SIGINT, as in shells."""


def say(line: str) -> None:
    """Print a line of progress with the time of day, without buffering."""
    click.echo(f"{time.strftime('%H:%M:%S')}  {line}")
    sys.stdout.flush()


@contextmanager
def stoppable() -> Iterator[None]:
    """Let errors end a command with their message, and Ctrl-C with the command line that goes on.

    Everything that is finished is on disk, because files are written whole.

    Raises:
        click.ClickException: the work cannot be done, or a file cannot be written.
    """
    try:
        yield
    except TrainingError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        advice = "make room, or choose another folder; then " if error.errno in FULL else ""
        raise click.ClickException(
            f"{place}{error.strerror or error}: {advice}type the command again; what is finished "
            "is kept"
        ) from error
    except KeyboardInterrupt:
        again = shlex.join(["moodstream", *sys.argv[1:]])
        click.echo(f"\nStopped; what is finished is kept. To go on:\n  {again}")
        click.get_current_context().exit(STOPPED)
