"""Checks of the installed software."""

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from moodstream import __version__
from moodstream.audio.portaudio import CaptureError, CaptureStuckError, portaudio
from moodstream.doctor.finding import Finding, failure, ok, warning
from moodstream.doctor.patience import FROZEN, patiently

PYTHONS = ((3, 11), (3, 14))
"""Oldest and newest version that moodstream is tested with."""


def versions() -> Iterator[Finding]:
    """Yield the versions of Python, moodstream and its libraries."""
    python = f"Python {platform.python_version()} on {platform.machine()}, {_system()}"
    oldest, newest = (".".join(map(str, one)) for one in PYTHONS)
    if PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        yield ok(python)
    else:
        yield warning(python, f"moodstream is tested with Python {oldest} to {newest}")
    yield ok(f"moodstream {__version__}")
    yield _tflite()
    yield _portaudio()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def _tflite() -> Finding:
    for package in ("ai-edge-litert", "tflite-runtime"):
        try:
            return ok(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return failure("no TFLite runtime is installed", "pip install ai-edge-litert")


def _portaudio() -> Finding:
    try:
        version_text: str = patiently(lambda: portaudio().get_portaudio_version()[1])
    except CaptureError as error:
        return failure("PortAudio is missing", str(error))
    except CaptureStuckError as error:
        return failure(str(error), FROZEN)
    return ok(version_text.partition(",")[0])
