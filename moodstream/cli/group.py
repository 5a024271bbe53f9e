"""`moodstream`: commands of this package and of the training package."""

import errno
import io
import os
import sys
from contextlib import suppress
from typing import Any

import click

from moodstream import __version__
from moodstream.cli.commands.bench import bench
from moodstream.cli.commands.bundle import bundle
from moodstream.cli.commands.config import show_config
from moodstream.cli.commands.demo import demo
from moodstream.cli.commands.devices import devices
from moodstream.cli.commands.doctor import doctor
from moodstream.cli.commands.history import history
from moodstream.cli.commands.homeassistant import home_assistant
from moodstream.cli.commands.replay import replay
from moodstream.cli.commands.room import room
from moodstream.cli.commands.run import run
from moodstream.cli.commands.watch import watch
from moodstream.cli.commands.web import web
from moodstream.cli.installation.completion import completion
from moodstream.cli.installation.service import service
from moodstream.cli.library.playlist import playlist
from moodstream.cli.library.tag import tag
from moodstream.cli.training import TRAINING_COMMANDS, training_command
from moodstream.outlet import lead_nowhere, open_standard_streams

# This must be set before numpy is imported. Threads only slow down work on such small arrays.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EPIPE)
"""Errors of a stream whose disk is full, or whose reader has closed it."""


class Commands(click.Group):
    """Commands of this package and of the training package."""

    def main(self, *args: Any, **more: Any) -> Any:
        """Run a command, with /dev/null in place of closed standard streams.

        If standard output cannot be written, the error has one line.
        """
        open_standard_streams()
        try:
            try:
                return super().main(*args, **more)
            finally:
                sys.stdout.flush()
        except OSError as error:
            if error.errno not in UNWRITABLE or error.filename is not None:
                raise
            lead_nowhere(sys.stdout)
            with suppress(OSError):
                click.echo(f"Error: standard output: {error.strerror}", err=True)
            sys.exit(1)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names, with those of this package first."""
        return [*super().list_commands(ctx), *TRAINING_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command. One from another package is loaded when it is called."""
        if cmd_name in TRAINING_COMMANDS:
            return training_command(cmd_name)
        return super().get_command(ctx, cmd_name)


@click.group(
    cls=Commands,
    commands=[
        *(bench, bundle, completion, demo, devices, doctor, history, home_assistant, playlist),
        *(replay, room, run, service, show_config, tag, watch, web),
    ],
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, "--version", "-V", message="moodstream %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """Hear the mood of a room: audio in, mood events out."""
    if os.environ.get("NO_COLOR"):
        context.color = False
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # characters that the encoding lacks are escaped
            stream.reconfigure(errors="backslashreplace")
