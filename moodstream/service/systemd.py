"""Systemd: whether it is running, commands to it, and properties of the unit."""

import subprocess
from pathlib import Path

from moodstream.service.error import ServiceError
from moodstream.service.place import UNIT, Place

PROPERTIES = "LoadState,ActiveState,SubState,UnitFileState,StatusText,NRestarts,ExecMainStatus"
PATIENCE_S = 60.0
"""Longest wait for an answer, seconds; a stop takes at most 10 s."""


def runs(place: Place) -> bool:
    """Return whether the manager of this place is running here and accepts commands."""
    if not place.is_live or not Path("/run/systemd/system").is_dir():
        return False
    return not place.manager or bool(properties(place.manager))


def tell(place: Place, *words: str) -> None:
    """Call systemctl.

    Raises:
        ServiceError: it fails; the message is that of systemctl.
    """
    command = ["systemctl", *place.manager, *words]
    try:
        result = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServiceError(f"{' '.join(command)}: {error}") from error
    if result.returncode:
        raise ServiceError(f"{' '.join(command)}: {result.stderr.strip() or result.returncode}")


def properties(manager: tuple[str, ...]) -> dict[str, str]:
    """Return the unit's properties; none if this systemd cannot be queried.

    Args:
        manager: options of systemctl for the manager.
    """
    command = ["systemctl", *manager, "show", UNIT, f"--property={PROPERTIES}"]
    try:
        shown = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=10, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return {}
    return dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
