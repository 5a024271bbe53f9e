"""Lines of progress, and the line that goes on after Ctrl-C."""

import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

STOPPED = 130
"""Exit status after SIGINT, as in shells."""


def say(line: str) -> None:
    """Print a line of progress with the time of day, without buffering."""
    click.echo(f"{time.strftime('%H:%M:%S')}  {line}")
    sys.stdout.flush()


@contextmanager
def stoppable() -> Iterator[None]:
    """Let Ctrl-C end a command with the command line that goes on.

    Everything that is finished is on disk, because files are written whole.
    """
    try:
        yield
    except KeyboardInterrupt:
        again = shlex.join(["moodstream", *sys.argv[1:]])
        click.echo(f"\nStopped; what is finished is kept. To go on:\n  {again}")
        click.get_current_context().exit(STOPPED)
