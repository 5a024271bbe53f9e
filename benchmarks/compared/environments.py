"""Virtual environments, one for each program that is compared, kept for the next run."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import Missing, run


@dataclass(frozen=True)
class Environment:
    """Virtual environment with one program and its requirements, and nothing else."""

    python: str
    """Path of its interpreter."""
    mb: float
    """Size of what was installed, 10^6 bytes."""

    def versions(self, packages: tuple[str, ...]) -> str:
        """Return the versions of these packages in it."""
        script = "import sys, importlib.metadata as m; print(*map(m.version, sys.argv[1:]))"
        found = run(self.python, "-c", script, *packages).output.split()
        return ", ".join(f"{name} {version}" for name, version in zip(packages, found, strict=True))


def environment(folder: Path, requirement: str, name: str = "") -> Environment:
    """Return the environment of a requirement; make it if it is missing or incomplete.

    Args:
        folder: folder of all environments.
        requirement: requirement for pip.
        name: name of the environment; by default the requirement.

    Raises:
        Missing: it cannot be made; the message is pip's.
    """
    home = folder / f"{name or requirement}-python{sys.version_info.major}.{sys.version_info.minor}"
    python, size = home / "bin" / "python", home / "installed-bytes"
    if not size.exists():  # missing or incomplete
        shutil.rmtree(home, ignore_errors=True)
        try:
            run(sys.executable, "-m", "venv", "--without-pip", str(home))
            pip = (sys.executable, "-m", "pip", "--python", str(python))
            run(*pip, "install", "--quiet", requirement, PIP_DISABLE_PIP_VERSION_CHECK="1")
        except RuntimeError as error:
            lines = [line.strip() for line in str(error).splitlines()]
            told = " ".join([line for line in lines if line.startswith("ERROR:")] or lines[-1:])
            wanted = name or requirement
            told = told.replace(requirement, wanted)  # a requirement may be a path of this machine
            raise Missing(f"{wanted} cannot be installed: {told.removesuffix('.')}") from error
        size.write_text(str(_bytes(home / "lib")), encoding="ascii")
    return Environment(str(python), int(size.read_text(encoding="ascii")) / 1e6)


def _bytes(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())
