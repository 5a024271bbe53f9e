"""`moodstream`: the commands of this package, and those that the training package adds."""

import io
import os
import sys

import click

from moodstream import __version__
from moodstream.cli.bench import bench
from moodstream.cli.bundle import bundle
from moodstream.cli.config import show_config
from moodstream.cli.demo import demo
from moodstream.cli.devices import devices
from moodstream.cli.doctor import doctor
from moodstream.cli.homeassistant import home_assistant
from moodstream.cli.replay import replay
from moodstream.cli.room import room
from moodstream.cli.run import run
from moodstream.cli.training import TRAINING_COMMANDS, training_command
from moodstream.cli.watch import watch

# Set before numpy is imported: arrays this small only lose by being shared among threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


class Commands(click.Group):
    """The commands of this package, and those that the training package adds."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, ours first."""
        return [*super().list_commands(ctx), *TRAINING_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command of another package only when it is called."""
        if cmd_name in TRAINING_COMMANDS:
            return training_command(cmd_name)
        return super().get_command(ctx, cmd_name)


@click.group(
    cls=Commands,
    commands=[
        bench,
        bundle,
        demo,
        devices,
        doctor,
        home_assistant,
        replay,
        room,
        run,
        show_config,
        watch,
    ],
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, "--version", "-V", message="moodstream %(version)s")
def main() -> None:
    """Hear the mood of a room: audio in, mood events out."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name that it has no letters for is escaped
            stream.reconfigure(errors="backslashreplace")
