"""Where the daemon keeps what shall outlive it."""

from collections.abc import Mapping
from pathlib import Path


def state_directory(environment: Mapping[str, str]) -> Path | None:
    """That of the service, as systemd says, else the user's; None where there is neither.

    It may not exist yet.
    """
    if given := environment.get("STATE_DIRECTORY"):
        return Path(given.split(":")[0])  # systemd names all that the unit has
    if states := environment.get("XDG_STATE_HOME"):
        return Path(states) / "moodstream"
    if home := environment.get("HOME"):
        return Path(home) / ".local" / "state" / "moodstream"
    return None
