"""Installation and removal of the services. Both can be repeated."""

import sys
from collections.abc import Iterator
from pathlib import Path

from moodstream.service import shipped, systemd
from moodstream.service.error import ServiceError
from moodstream.service.place import PAGE, UNIT, Place, check_rights
from moodstream.whole_file import written_whole

HIDDEN = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 - only compared
"""Directories hidden from the system service by ProtectHome and PrivateTmp."""


def install(place: Place, is_started: bool = True) -> Iterator[str]:
    """Write the units, and the settings if there are none; enable and start the daemon.

    The page has only a system unit, which is written if the extra [web] is installed. It is never
    enabled automatically.

    Args:
        place: where, and for which systemd.
        is_started: whether to enable and start it, if systemd is running.

    Yields:
        A line for each step.

    Raises:
        ServiceError: a step failed; those before it are done.
    """
    check_rights(place)
    program = _program(place)
    has_page = not place.manager and shipped.has_page()
    yield _unit(place.unit, place.packaged, place.shipped, program)
    if has_page:
        yield _unit(*_page(place), PAGE, program)
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
    if has_page:
        systemd.tell(place, "try-restart", PAGE)
    yield "The service runs, and starts with the machine" + (
        " once you log in. Without a login: loginctl enable-linger" if place.manager else ""
    )
    if has_page:
        yield f"For the page: systemctl enable --now {PAGE}"


def uninstall(place: Place) -> Iterator[str]:
    """Stop the services and remove their units; keep the settings and the state.

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
    page, _ = _page(place)
    if page.exists() and not place.manager:
        if is_told:
            systemd.tell(place, "disable", "--now", PAGE)
        yield _removed(page)
    yield _removed(place.unit) if place.unit.exists() else f"There is no {place.unit}"
    if is_told:
        systemd.tell(place, "daemon-reload")
    if place.packaged.exists():
        yield f"{place.packaged} belongs to a Debian package: apt remove moodstream"
    if place.settings.exists():
        yield f"Your settings remain in {place.settings}"


def _unit(path: Path, packaged: Path, name: str, program: Path) -> str:
    """Write a shipped unit unless a Debian package contains it; return a line about it."""
    text = shipped.unit(name, program)
    if packaged.exists() and text == _read(packaged):
        return f"{packaged} already exists"
    _write(path, text)
    return f"Wrote {path}, which runs {program}"


def _page(place: Place) -> tuple[Path, Path]:
    """Return the path of the page's unit file, and that of a Debian package."""
    return place.unit.with_name(PAGE), place.packaged.with_name(PAGE)


def _removed(path: Path) -> str:
    """Remove a file; return a line about it."""
    try:
        path.unlink()
    except OSError as error:
        raise ServiceError(str(error)) from error
    return f"Removed {path}"


def _program(place: Place) -> Path:
    """Return the path of the program that the unit starts, as seen on the target machine.

    Raises:
        ServiceError: the service cannot see it.
    """
    program = shipped.program()
    if not place.is_live:
        root = place.root.resolve()
        return Path("/", program.relative_to(root)) if program.is_relative_to(root) else program
    if not place.manager:
        for path in (program, Path(sys.executable).resolve()):
            if any(path.is_relative_to(hidden) for hidden in HIDDEN):
                raise ServiceError(
                    f"the service cannot see {path}, because systemd hides {', '.join(HIDDEN)} "
                    f"from it: install moodstream elsewhere, for example with pipx install "
                    f"--global, or use --user"
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
