"""Places of a service: where the unit and the settings lie, and which systemd runs it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from moodstream.service.error import ServiceError

UNIT = "moodstream.service"
"""Name of the daemon's unit, for both managers."""
PAGE = "moodstream-web.service"
"""Name of the page's unit, for the system's manager."""


@dataclass(frozen=True)
class Place:
    """Service of the system or of a user."""

    shipped: str
    """File name of the shipped unit."""
    unit: Path
    """Unit file that is written."""
    packaged: Path
    """Unit file that a Debian package may have brought."""
    settings: Path
    """Settings file, which belongs to the person."""
    manager: tuple[str, ...]
    """Options of systemctl for its manager."""
    root: Path
    """Directory that stands for /; anything but / is a tree for packages."""

    @property
    def is_live(self) -> bool:
        """Whether the files lie on this machine, not in a tree for packages."""
        return self.root == Path("/")


def system(root: Path) -> Place:
    """Return the place of the system's service below a root directory."""
    return Place(
        "moodstream.service",
        root / "etc/systemd/system" / UNIT,
        root / "usr/lib/systemd/system" / UNIT,
        root / "etc/moodstream/config.toml",
        (),
        root,
    )


def user(environment: Mapping[str, str]) -> Place:
    """Return the place of the service of the user.

    Raises:
        ServiceError: the user has no home directory.
    """
    home = environment.get("HOME", "")
    if not home:
        raise ServiceError("$HOME is not set: whose service is it?")
    configuration = Path(environment.get("XDG_CONFIG_HOME") or Path(home, ".config"))
    return Place(
        "moodstream-user.service",
        configuration / "systemd/user" / UNIT,
        Path("/usr/lib/systemd/user") / UNIT,
        configuration / "moodstream/config.toml",
        ("--user",),
        Path("/"),
    )


def check_rights(place: Place) -> None:
    """Check that the user may write there.

    Raises:
        ServiceError: only root may.
    """
    if place.is_live and not place.manager and os.geteuid() != 0:
        raise ServiceError("the service of the system needs root: use sudo, or --user")
