"""Virtual environments, one for each of the programs that are compared, kept for the next time."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import Missing, run


@dataclass(frozen=True)
class Environment:
    """Where one program and what it needs are installed, and nothing else."""

    python: str
    """The path of its interpreter."""
    mb: float
    """What was installed, 10^6 bytes."""

    def versions(self, packages: tuple[str, ...]) -> str:
        """Of these packages, as they are in it."""
        script = "import sys, importlib.metadata as m; print(*map(m.version, sys.argv[1:]))"
        found = run(self.python, "-c", script, *packages).output.split()
        return ", ".join(f"{name} {version}" for name, version in zip(packages, found, strict=True))


def environment(folder: Path, requirement: str, name: str = "") -> Environment:
    """One with this in it, made if it is not there whole.

    Args:
        folder: of all environments.
        requirement: as pip takes it.
        name: of the environment; by default that of the requirement.

    Raises:
        Missing: it cannot be made; with pip's words.
    """
    home = folder / f"{name or requirement}-python{sys.version_info.major}.{sys.version_info.minor}"
    python, size = home / "bin" / "python", home / "installed-bytes"
    if not size.exists():  # or not to its end
        shutil.rmtree(home, ignore_errors=True)
        try:
            run(sys.executable, "-m", "venv", "--without-pip", str(home))
            pip = (sys.executable, "-m", "pip", "--python", str(python))
            run(*pip, "install", "--quiet", requirement, PIP_DISABLE_PIP_VERSION_CHECK="1")
        except RuntimeError as error:
            lines = [line.strip() for line in str(error).splitlines()]
            told = " ".join([line for line in lines if line.startswith("ERROR:")] or lines[-1:])
            wanted = name or requirement
            told = told.replace(requirement, wanted)  # which may be a path of this machine
            raise Missing(f"{wanted} cannot be installed: {told.removesuffix('.')}") from error
        size.write_text(str(_bytes(home / "lib")), encoding="ascii")
    return Environment(str(python), int(size.read_text(encoding="ascii")) / 1e6)


def _bytes(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())
