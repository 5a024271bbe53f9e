"""Places of a service: the paths of the unit and the settings, and the systemd that runs it."""

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
    """System service or user service."""

    shipped: str
    """File name of the shipped unit."""
    unit: Path
    """Unit file to write."""
    packaged: Path
    """Unit file that a Debian package may have installed."""
    settings: Path
    """Settings file, which belongs to the person."""
    manager: tuple[str, ...]
    """Options of systemctl for its manager."""
    root: Path
    """Directory used in place of /; anything else than / is a tree for packages."""

    @property
    def is_live(self) -> bool:
        """Whether the files are those of this machine, not a tree for packages."""
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
        raise ServiceError("$HOME is not set, so the user's directories are unknown")
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
        raise ServiceError("the system service needs root: use sudo, or --user")
