"""The conditions of the measurements: machine, versions, bundle, date, command."""

import hashlib
import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.report import Report
from moodstream import __version__

PACKAGES = (
    "ai-edge-litert", "numpy", "soxr", "soundfile", "sounddevice", "paho-mqtt",
    "librosa", "tensorflow", "keras",
)  # fmt: skip


def conditions(bundle: Path, command: str) -> Report:
    """A table of them, as they are when this is called."""
    card = (bundle / "card.json").read_bytes()
    sha256 = hashlib.sha256(card).hexdigest()[:12]
    rows = [
        ("command", f"`{command}`"),
        ("date", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
        ("processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("load before", " ".join(f"{load:.2f}" for load in os.getloadavg())),
        ("system", f"{_distribution()}, {platform.system()} {platform.machine()}"),
        ("Python", platform.python_version()),
        ("moodstream", __version__),
        ("bundle", f"{json.loads(card)['name']}, {sha256}"),
        *((package, _version(package)) for package in PACKAGES),
    ]
    return Report("Conditions", "", ("what", "which"), rows)


def _processor() -> str:
    """The model that Linux names, or else the architecture."""
    facts = {}
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        facts[key.strip()] = value.strip()
    return facts.get("model name") or facts.get("Model") or platform.machine()


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return "unknown distribution"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
