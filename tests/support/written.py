"""Every file that a program and its Python children open for writing."""

import os
from pathlib import Path

_HOOK = """
import os
import sys

_LOG = os.open(os.environ["WRITTEN_LOG"], os.O_WRONLY | os.O_APPEND)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _hook(event, arguments):
    # os.open() and open() both end here, whatever is built on them.
    # A number is a file that os.open() has opened already.
    if event == "open" and not isinstance(arguments[0], int) and arguments[2] & _WRITING:
        os.write(_LOG, os.path.abspath(os.fsencode(arguments[0])) + b"\\n")


sys.addaudithook(_hook)
"""


class Written:
    """Watch over a program: its folders are fresh, and its writes are recorded.

    Python's own opens are recorded wherever they lead. Libraries in C escape that, but not the look
    into the folders in which a program may write: home, state, temporary and working directory.
    """

    def __init__(self, directory: Path) -> None:
        self.folder = directory / "all"
        self._log = directory / "written"
        self._log.touch()
        hook = directory / "hook"
        hook.mkdir()
        (hook / "sitecustomize.py").write_text(_HOOK)
        folders = {name: self.folder / name for name in ("home", "state", "tmp", "cwd")}
        for folder in folders.values():
            folder.mkdir(parents=True)
        self.cwd = folders["cwd"]
        self.state = folders["state"]
        self._hook = hook
        self.environment = {
            "HOME": str(folders["home"]),
            "STATE_DIRECTORY": str(folders["state"]),
            "TMPDIR": str(folders["tmp"]),
            "WRITTEN_LOG": str(self._log),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def python_path(self, path: str) -> str:
        """Return a PYTHONPATH with the hook before all else."""
        return os.pathsep.join([str(self._hook), path])

    def opened(self) -> set[str]:
        """Return the files that were opened for writing, relative to the folder if inside."""
        lines = self._log.read_text().splitlines()
        return {os.path.relpath(one, self.folder) if self._is_inside(one) else one for one in lines}

    def files(self) -> set[str]:
        """Return the files that are in the folders now."""
        found = (path for path in self.folder.rglob("*") if not path.is_dir())
        return {str(path.relative_to(self.folder)) for path in found}

    def _is_inside(self, path: str) -> bool:
        return Path(path).is_relative_to(self.folder)
