"""Files of this installation that a service needs: the units, the settings and the program."""

from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from moodstream.service.error import ServiceError

SYSTEM_PROGRAM = "/opt/moodstream/bin/moodstream"
USER_PROGRAM = "%h/.local/opt/moodstream/bin/moodstream"
"""Programs that the shipped units name."""


def settings() -> str:
    """Return the text of the settings file with all defaults."""
    return (_directory() / "config.toml").read_text(encoding="utf-8")


def unit(name: str, program: Path) -> str:
    """Return the text of a unit.

    Args:
        name: file name of the shipped unit.
        program: the unit starts this program.

    Raises:
        ServiceError: systemd would refuse its path.
    """
    text = (_directory() / "systemd" / name).read_text(encoding="utf-8")
    for shipped in (SYSTEM_PROGRAM, USER_PROGRAM):
        text = text.replace(f"ExecStart={shipped} ", f"ExecStart={_quoted(program)} ")
    return text


def has_page() -> bool:
    """Return whether the extra [web] is installed."""
    return all(find_spec(name) for name in ("starlette", "uvicorn", "prometheus_client"))


def program() -> Path:
    """Return the path of the program `moodstream` of this installation.

    Raises:
        ServiceError: this is a source tree that is not installed.
    """
    try:
        installed = distribution("moodstream")
    except PackageNotFoundError:
        installed = None
    for file in (installed and installed.files) or ():
        if file.parts[-2:] == ("bin", "moodstream"):
            return Path(str(installed.locate_file(file))).resolve()  # type: ignore[union-attr]
    raise ServiceError("moodstream is not installed: pip install it first")


def _directory() -> Path:
    """Return the directory with the settings and the units, here or in this source tree."""
    installed = Path(str(files("moodstream"))) / "service" / "files"
    return installed if installed.is_dir() else installed.parents[2]


def _quoted(path: Path) -> str:
    """Return a path as systemd reads it in ExecStart.

    Raises:
        ServiceError: systemd refuses such a path.
    """
    text = str(path)
    if set(text) & set("\\'\""):
        raise ServiceError(f"systemd refuses quotes and backslashes in a program's path: {text}")
    text = text.replace("%", "%%")
    return f'"{text}"' if " " in text else text
