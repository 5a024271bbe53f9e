"""Programs that run to their end, and their cost."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""Variable that moodstream sets for itself, for scripts that use its parts."""

MOODSTREAM = (sys.executable, "-m", "moodstream")
"""Command of moodstream, without arguments."""

LAUNCHER = """
import json, os, signal, sys, time
report, command = int(sys.argv[1]), sys.argv[2:]
os.set_inheritable(report, False)
ignored = [signal.SIGPIPE, signal.SIGXFSZ]  # by Python, not by programs
begun_s = time.perf_counter()
process = os.posix_spawnp(command[0], command, os.environ, setsigdef=ignored)
_, status, usage = os.wait4(process, 0)
wall_s = time.perf_counter() - begun_s
cpu_s = usage.ru_utime + usage.ru_stime
with os.fdopen(report, "w") as file:
    json.dump([os.waitstatus_to_exitcode(status), cpu_s, wall_s, usage.ru_maxrss], file)
"""
"""Small process that starts a program and measures it.

Linux counts the peak of the process that starts a program as a peak of the program. This process
takes some 9 MB, where a process with numpy or a whole test run takes many times as much.
"""


class Missing(Exception):  # noqa: N818 - nothing went wrong
    """Something that a measurement needs is missing; the message names it."""


@dataclass(frozen=True)
class Cost:
    """Cost of one process from its start to its end."""

    cpu_s: float
    """CPU seconds of all its threads, user and system."""
    wall_s: float
    """Seconds on the clock."""
    peak_mb: float
    """Largest resident memory, 10^6 bytes."""
    output: str
    """Text of its standard output."""


def run(*command: str, **variables: str) -> Cost:
    """Run a program to its end, with further environment variables.

    Raises:
        RuntimeError: it failed; the message holds its standard error.
    """
    with (
        tempfile.TemporaryFile("w+") as output,
        tempfile.TemporaryFile("w+") as errors,
        tempfile.TemporaryFile("w+") as report,
    ):
        subprocess.run(
            [sys.executable, "-I", "-S", "-c", LAUNCHER, str(report.fileno()), *command],
            stdout=output,
            stderr=errors,
            env=environment(variables),
            pass_fds=(report.fileno(),),
            check=False,
        )
        for stream in (output, errors, report):
            stream.seek(0)
        # Without a report, the program could not be started; the reason is on standard error.
        exit_code, cpu_s, wall_s, peak_kib = json.loads(report.read() or "[127, 0, 0, 0]")
        if exit_code:
            raise RuntimeError(f"{command} exited with {exit_code}:\n{errors.read()}")
        return Cost(cpu_s, wall_s, peak_kib * 1024 / 1e6, output.read())


@contextmanager
def one_core() -> Iterator[None]:
    """Keep programs that start in this block on one core, where no threads wait for each other."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def python(*arguments: str, **variables: str) -> str:
    """Run a Python program and return its output."""
    return run(sys.executable, *arguments, **variables).output.strip()


def moodstream(*arguments: str | Path) -> list[str]:
    """Return the command line of moodstream."""
    return [*MOODSTREAM, *map(str, arguments)]


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of this process and more, without the user's settings."""
    kept = {key: text for key, text in os.environ.items() if not key.startswith("MOODSTREAM_")}
    return {**kept, "MOODSTREAM_CONFIG": os.devnull, **more}
