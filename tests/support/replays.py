"""A replay at work, and its results."""

import csv
import io
import json
import os
import signal
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
import soundfile

from tests.support.program import MOODSTREAM, run_program
from tests.support.signals import glide

STYLES = ("csv", "jsonl")


def replayed(*arguments):
    """The end of a replay, and its lines."""
    result = run_program("replay", *arguments, "--format", "jsonl")
    return result, [json.loads(line) for line in result.stdout.splitlines()]


def files_of(text, style):
    if style == "csv":
        return [row["file"] for row in csv.DictReader(io.StringIO(text))]
    lines = [json.loads(line) for line in text.splitlines()]
    return [line["file"] for line in lines if line["type"] == "summary"]


@contextmanager
def replaying(*arguments):
    """The program at work, in a terminal's process group of its own."""
    command = [*MOODSTREAM, "replay", *map(str, arguments)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@contextmanager
def reader_of(fifo, process):
    """The worker of the program that has opened the pipe, and now waits for what it holds."""
    writer = os.open(fifo, os.O_WRONLY)  # returns when there is a reader
    try:
        (reader,) = [
            child for child in psutil.Process(process.pid).children() if fifo in opened(child)
        ]
        yield reader
    finally:
        fifo.unlink()  # so that nobody waits for it again
        os.close(writer)


def opened(process):
    return [fd.readlink() for fd in Path(f"/proc/{process.pid}/fd").iterdir()]


@pytest.fixture(scope="session")
def short(tmp_path_factory):
    """Five seconds of a moving tone."""
    path = tmp_path_factory.mktemp("short") / "short.wav"
    soundfile.write(path, glide(5), 16000)
    return path
