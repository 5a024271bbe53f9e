"""Commands of the training package, which may not be installed."""

import click

from moodstream.cli.failure import Failure

TRAINING_COMMANDS = ("train", "evaluate", "export")
COMMANDS_GROUP = "moodstream.commands"
"""Group of the entry points that add commands."""


def training_command(name: str) -> click.Command:
    """Return a command of the training package, or one that says how to install it."""
    from importlib.metadata import entry_points

    for point in entry_points(group=COMMANDS_GROUP, name=name):
        command: click.Command = point.load()
        return command
    return _not_installed(name)


def _not_installed(name: str) -> click.Command:
    @click.command(
        name,
        context_settings={"ignore_unknown_options": True},
        short_help=f"({name}s models; needs the training package)",
    )
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def command(arguments: tuple[str, ...]) -> None:
        del arguments
        raise Failure(
            f"'moodstream {name}' belongs to the training package, which is not installed: "
            "pip install ./train in the source tree"
        )

    return command
