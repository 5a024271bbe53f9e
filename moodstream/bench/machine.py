"""Details of this machine: processor, system and the versions that affect its speed."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("ai-edge-litert", "numpy", "soxr", "soundfile")


def processor() -> str:
    """Return the name of the processor or the board, or else the architecture."""
    facts = {}
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        facts[key.strip()] = value.strip()
    return facts.get("model name") or facts.get("Model") or platform.machine()


def machine() -> dict[str, str | int]:
    """Return the facts about a machine that matter when speeds are compared."""
    return {
        "processor": processor(),
        "architecture": platform.machine(),
        "cores": os.cpu_count() or 1,
        "kernel": platform.release(),
        "python": platform.python_version(),
        **{name: package_version(name) for name in PACKAGES},
    }


def package_version(name: str) -> str:
    """Return the version of an installed package, or 'not installed'."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
