"""Settings of several sources, and programs that write samples for them."""

import json
import sys
from pathlib import Path

import soundfile

from tests.support.program import MOODSTREAM

DATA = Path(__file__).parents[1] / "data"
WRITER = """
import os, sys, time
data, begun_s, at = open(sys.argv[1], "rb").read(), time.monotonic(), 0
out = os.open(sys.argv[2], os.O_WRONLY) if sys.argv[2:] else 1
while True:
    due = int((time.monotonic() - begun_s) * 16000) * 2
    while at < due:
        n = os.write(out, data[at % len(data):][:min(due - at, 4096)])
        at += n
    time.sleep(0.05)
"""
"""Writes raw samples in real time, over and over, to a path or to standard output."""


def raw(name, directory):
    """The samples of a recording, in a file of their own."""
    samples, _ = soundfile.read(DATA / f"{name}.flac", dtype="int16")
    path = directory / f"{name}.raw"
    path.write_bytes(samples.tobytes())
    return path


def command(*words):
    """A command line of Python."""
    path = words[0].parent / "writer.py"
    path.write_text(WRITER)
    return " ".join([sys.executable, str(path), *map(str, words)])


def settings(directory, broker, *tables, more=""):
    path = directory / "config.toml"
    text = f'[mqtt]\nurl = "{broker}"\nprefix = "house"\n{more}\n'
    for table in tables:
        text += "[[source]]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in table.items())
    path.write_text(text)
    return path


def run(path, *options):
    return [*MOODSTREAM, "run", "--config", str(path), *options]


def of(lines, topic):
    """The objects that were published to a topic."""
    found = (line.partition(" ") for line in [*lines])
    return [json.loads(payload) for name, _, payload in found if name == topic]


def statuses(lines, topic):
    return [(message["status"], message["mood"]) for message in of(lines, topic)]
