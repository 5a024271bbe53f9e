"""Installation and removal of the service. Both can be repeated."""

import sys
from collections.abc import Iterator
from pathlib import Path

from moodstream.service import shipped, systemd
from moodstream.service.error import ServiceError
from moodstream.service.place import UNIT, Place, check_rights
from moodstream.whole_file import written_whole

HIDDEN = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 - only compared
"""Directories that the service of the system cannot see: ProtectHome and PrivateTmp."""


def install(place: Place, is_started: bool = True) -> Iterator[str]:
    """Write the unit, and the settings if there are none; enable and start the service.

    Args:
        place: where, and for which systemd.
        is_started: whether to enable and start it, where systemd runs.

    Yields:
        A line for each step.

    Raises:
        ServiceError: a step failed; those before it are done.
    """
    check_rights(place)
    program = _program(place)
    if place.packaged.exists() and shipped.unit(place.shipped, program) == _read(place.packaged):
        yield f"{place.packaged} is there already"
    else:
        _write(place.unit, shipped.unit(place.shipped, program))
        yield f"Wrote {place.unit}, which runs {program}"
    if place.settings.exists():
        yield f"Kept the settings in {place.settings}"
    else:
        _write(place.settings, shipped.settings())
        yield f"Wrote the settings, with all defaults, to {place.settings}"
    command = " ".join(["systemctl", *place.manager, "enable", "--now", UNIT])
    if not (is_started and systemd.runs(place)):
        yield f"The service is not started. To start it: {command}"
        return
    systemd.tell(place, "daemon-reload")
    systemd.tell(place, "enable", UNIT)
    systemd.tell(place, "restart", UNIT)
    yield "The service runs, and starts with the machine" + (
        " once you log in. Without a login: loginctl enable-linger" if place.manager else ""
    )


def uninstall(place: Place) -> Iterator[str]:
    """Stop the service and remove its unit; keep the settings and what was learnt of the room.

    Args:
        place: where, and for which systemd.

    Yields:
        A line for each step.

    Raises:
        ServiceError: a step failed.
    """
    check_rights(place)
    is_told = systemd.runs(place)
    if is_told and systemd.properties(place.manager).get("LoadState") == "loaded":
        systemd.tell(place, "disable", "--now", UNIT)
    if place.unit.exists():
        try:
            place.unit.unlink()
        except OSError as error:
            raise ServiceError(str(error)) from error
        yield f"Removed {place.unit}"
    else:
        yield f"There is no {place.unit}"
    if is_told:
        systemd.tell(place, "daemon-reload")
    if place.packaged.exists():
        yield f"{place.packaged} belongs to a Debian package: apt remove moodstream"
    if place.settings.exists():
        yield f"Your settings stay in {place.settings}"


def _program(place: Place) -> Path:
    """Return the program that the unit starts, as it is called on the machine itself.

    Raises:
        ServiceError: the service could not see it.
    """
    program = shipped.program()
    if not place.is_live:
        root = place.root.resolve()
        return Path("/", program.relative_to(root)) if program.is_relative_to(root) else program
    if not place.manager:
        for path in (program, Path(sys.executable).resolve()):
            if any(path.is_relative_to(hidden) for hidden in HIDDEN):
                raise ServiceError(
                    f"the service cannot see {path}, as systemd hides {', '.join(HIDDEN)} from "
                    "it: install moodstream elsewhere, as with pipx install --global, or use --user"
                )
    return program


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ServiceError(str(error)) from error


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path, "w", permissions=0o644) as stream:
            stream.write(text)
    except OSError as error:
        raise ServiceError(str(error)) from error
