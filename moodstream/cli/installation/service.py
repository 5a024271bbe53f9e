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
    "--user",
    "is_user",
    is_flag=True,
    help="Use the service of this user, who owns the sound devices.",
)
ROOT = click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("/"),
    metavar="DIR",
    help="For packages: the directory to use in place of /. Nothing is started.",
)


@click.group()
def service() -> None:
    """Install, remove or show the daemon's systemd service.

    On a server or a Raspberry Pi, use the system service; these commands then need root. On a
    desktop, where the sound devices belong to the user, use --user.
    """


@service.command()
@USER
@ROOT
@click.option("--no-start", is_flag=True, help="Do not enable or start the service.")
def install(is_user: bool, root: Path, no_start: bool) -> None:
    """Write the unit and the settings, and start the service.

    Existing settings are kept. Run this again after each upgrade.
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
        click.echo("systemd is not running, or does not answer")
    elif unit:
        finding = judged("The service", found, place.manager)
        click.echo("\n  ".join(filter(None, (finding.what, finding.todo))))
    if found.get("ActiveState") != "active":
        raise click.exceptions.Exit(NOT_RUNNING if unit else NOT_INSTALLED)


def _place(is_user: bool, root: Path) -> "Place":
    """Return the place that the options select."""
    from moodstream.service import place

    if not is_user:
        return place.system(root)
    if root != Path("/"):
        raise Failure("--root works only with the system service")
    return place.user(os.environ)
