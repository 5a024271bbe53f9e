"""``memory BUNDLE FILE``: resident memory after each step of the daemon's start, 10^6 bytes."""

# ruff: noqa: E402, F401 - the order of the imports is what is measured

import json
import sys
from pathlib import Path

found: dict[str, float] = {}


def note(step: str) -> None:
    """Record the resident memory after a step."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    found[step] = int(line.split()[1]) * 1024 / 1e6


note("Python")

import numpy as np

note("numpy")

from moodstream import log
from moodstream.cli import group
from moodstream.config import load

note("command line, settings, log")

from moodstream.bundle import tflite

note("LiteRT")

from moodstream import pipeline

note("the pipeline's other modules")

from moodstream.audio import device

device.devices()
note("PortAudio, with the plugins of ALSA")

from moodstream.daemon import run as daemon

note("MQTT, the daemon's other modules")

from moodstream import self_test
from moodstream.replay import recording as replay

models = self_test.load(Path(sys.argv[1]))
note("models, loaded and tried")

replay.summarise(Path(sys.argv[2]), models)
note("a recording heard")

print(json.dumps(found))
