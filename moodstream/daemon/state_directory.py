"""Directory in which the daemon keeps its state between runs."""

from collections.abc import Mapping
from pathlib import Path


def state_directory(environment: Mapping[str, str]) -> Path | None:
    """Return the service's directory from systemd, or the user's; None without either.

    It may not exist yet.
    """
    if given := environment.get("STATE_DIRECTORY"):
        return Path(given.split(":")[0])  # systemd names all directories of the unit
    if states := environment.get("XDG_STATE_HOME"):
        return Path(states) / "moodstream"
    if home := environment.get("HOME"):
        return Path(home) / ".local" / "state" / "moodstream"
    return None
