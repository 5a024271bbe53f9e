"""Conditions of the measurements: machine, versions, bundle, date, command."""

import hashlib
import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.report import Report
from moodstream import __version__
from moodstream.bench.machine import package_version, processor

PACKAGES = (
    "ai-edge-litert", "numpy", "soxr", "soundfile", "sounddevice", "paho-mqtt",
    "librosa", "tensorflow", "keras",
)  # fmt: skip


def conditions(bundle: Path, command: str) -> Report:
    """Return a table of the conditions now."""
    card = (bundle / "card.json").read_bytes()
    sha256 = hashlib.sha256(card).hexdigest()[:12]
    rows = [
        ("command", f"`{command}`"),
        ("date", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
        ("processor", f"{processor()}, {os.cpu_count()} cores"),
        ("load before", " ".join(f"{load:.2f}" for load in os.getloadavg())),
        ("system", f"{_distribution()}, {platform.system()} {platform.machine()}"),
        ("Python", platform.python_version()),
        ("moodstream", __version__),
        ("bundle", f"{json.loads(card)['name']}, {sha256}"),
        *((package, package_version(package)) for package in PACKAGES),
    ]
    return Report("Conditions", "", ("what", "which"), rows)


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return "unknown distribution"
