"""`moodstream room`: the statistics that the daemon keeps about its room."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from moodstream.cli.failure import Failure, failures
from moodstream.cli.options import BUNDLE, DEVICE, SOURCE, chosen, configured

if TYPE_CHECKING:
    from moodstream.config.sections import Config


@click.group()
def room() -> None:
    """Show or delete what the daemon has learnt about its room.

    The file is in $STATE_DIRECTORY, $XDG_STATE_HOME/moodstream or ~/.local/state/moodstream. For
    the service: sudo STATE_DIRECTORY=/var/lib/moodstream moodstream room ...
    """


@room.command("show")
@SOURCE
@configured(DEVICE, BUNDLE)
def show_room(config: "Config", name: str | None) -> None:
    """Show how much is known, and how much the room differs from the bundle's prior."""
    from moodstream.assembly import load_bundle
    from moodstream.config.sources import origin
    from moodstream.daemon.room import RoomError, described, read

    config = chosen(config, name)
    path = _room_path(config)
    with failures():
        try:
            saved = read(path)
        except (OSError, RoomError) as error:
            raise Failure(str(error)) from error
        if saved is None:
            click.echo(f"Nothing is known: there is no {path}")
        else:
            click.echo(described(path, saved, load_bundle(config), origin(config)))


@room.command()
@SOURCE
@configured()
def forget(config: "Config", name: str | None) -> None:
    """Delete what was learnt. A running daemon follows within ten minutes of sound."""
    path = _room_path(chosen(config, name))
    try:
        path.unlink()
    except FileNotFoundError:
        click.echo(f"Nothing is known: there is no {path}")
    except OSError as error:
        raise Failure(str(error)) from error
    else:
        click.echo(f"Forgotten: {path}")


def _room_path(config: "Config") -> Path:
    from moodstream.config.sources import state_of
    from moodstream.daemon.room import NAME
    from moodstream.daemon.state_directory import state_directory

    directory = state_of(config, state_directory(os.environ))
    if directory is None:
        raise Failure(
            "there is no state directory: neither $STATE_DIRECTORY, $XDG_STATE_HOME "
            "nor $HOME is set"
        )
    return directory / NAME
