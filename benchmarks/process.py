"""Programs that are run to their end, and what they cost."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""What the program sets for itself, for scripts that use its parts or are compared with it."""

MOODSTREAM = (sys.executable, "-m", "moodstream")
"""The program, to be followed by its arguments."""


class Missing(Exception):  # noqa: N818 - nothing went wrong
    """Something is not there, so that a measurement cannot be made; the message says what."""


@dataclass(frozen=True)
class Cost:
    """Of one process, from its start to its end."""

    cpu_s: float
    """Seconds of all its threads, user and system."""
    wall_s: float
    peak_mb: float
    """The most memory that was resident at once, 10^6 bytes."""
    output: str


def run(*command: str, **variables: str) -> Cost:
    """Run a program to its end, with these environment variables besides ours.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        begun_s = time.perf_counter()
        child = subprocess.Popen(command, stdout=output, stderr=errors, env=environment(variables))
        _, status, usage = os.wait4(child.pid, 0)
        wall_s = time.perf_counter() - begun_s
        child.returncode = os.waitstatus_to_exitcode(status)
        for stream in (output, errors):
            stream.seek(0)
        if child.returncode:
            raise RuntimeError(f"{command} exited with {child.returncode}:\n{errors.read()}")
        cpu_s = usage.ru_utime + usage.ru_stime
        return Cost(cpu_s, wall_s, usage.ru_maxrss * 1024 / 1e6, output.read())


@contextmanager
def one_core() -> Iterator[None]:
    """What is started meanwhile has one core, and starts no threads that wait for each other."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def python(*arguments: str, **variables: str) -> str:
    """What a Python program prints."""
    return run(sys.executable, *arguments, **variables).output.strip()


def moodstream(*arguments: str | Path) -> list[str]:
    """The command line of moodstream."""
    return [*MOODSTREAM, *map(str, arguments)]


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """That of this process, without the user's settings of moodstream."""
    kept = {key: text for key, text in os.environ.items() if not key.startswith("MOODSTREAM_")}
    return {**kept, "MOODSTREAM_CONFIG": os.devnull, **more}
