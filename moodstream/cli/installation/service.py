"""`moodstream service`: the daemon as a systemd service."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from moodstream.cli.failure import Failure, failures

if TYPE_CHECKING:
    from moodstream.service.place import Place

NOT_RUNNING, NOT_INSTALLED = 3, 4
"""Exit statuses of `systemctl status`."""

USER = click.option(
    "--user", "is_user", is_flag=True, help="The service of this user, who has the sound."
)
ROOT = click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("/"),
    metavar="DIR",
    help="For packages: the directory that stands for /. Nothing is started.",
)


@click.group()
def service() -> None:
    """Install, remove or show the daemon as a service of systemd.

    On a server or a Raspberry Pi, the service belongs to the system, and these commands need root.
    On a desktop, where the sound belongs to the person, use --user.
    """


@service.command()
@USER
@ROOT
@click.option("--no-start", is_flag=True, help="Neither enable nor start it.")
def install(is_user: bool, root: Path, no_start: bool) -> None:
    """Write the unit and the settings, and start the service.

    Settings that exist are kept. Run it again after each upgrade.
    """
    from moodstream.service.install import install as steps

    with failures():
        for step in steps(_place(is_user, root), is_started=not no_start):
            click.echo(step)


@service.command()
@USER
@ROOT
def uninstall(is_user: bool, root: Path) -> None:
    """Stop the service and remove its unit; keep the settings."""
    from moodstream.service.install import uninstall as steps

    with failures():
        for step in steps(_place(is_user, root)):
            click.echo(step)


@service.command()
@USER
def status(is_user: bool) -> None:
    """Show whether the service is installed and runs.

    The exit status is 0 if it runs, 3 if it does not, 4 if it is not installed.
    """
    from moodstream.doctor.system import judged
    from moodstream.service.systemd import properties

    with failures():
        place = _place(is_user, Path("/"))
    unit = next((path for path in (place.unit, place.packaged) if path.exists()), None)
    settings = place.settings if place.settings.exists() else "none, the defaults"
    click.echo(f"Unit: {unit or 'not installed: moodstream service install'}")
    click.echo(f"Settings: {settings}")
    found = properties(place.manager)
    if not found:
        click.echo("systemd does not run here, or cannot be asked")
    elif unit:
        finding = judged("The service", found, place.manager)
        click.echo("\n  ".join(filter(None, (finding.what, finding.todo))))
    if found.get("ActiveState") != "active":
        raise click.exceptions.Exit(NOT_RUNNING if unit else NOT_INSTALLED)


def _place(is_user: bool, root: Path) -> "Place":
    """Return the place that the options name."""
    from moodstream.service import place

    if not is_user:
        return place.system(root)
    if root != Path("/"):
        raise Failure("--root is for the service of the system")
    return place.user(os.environ)
