"""Measure how fast and in how much memory a library is heard, by processes and by Dask.

    scripts/measure_libraries.py 1000

Makes so many short files, hears them in both ways, compares the results, and prints a table. The
memory is the sum over all processes, proportional for shared pages, sampled while they work.
"""

import argparse
import difflib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import soundfile

from moodstream.audio.demo import RECORDING

SAMPLE_S = 0.5
"""Seconds between two samples of the memory."""
MIB = 1 << 20
DISTINCT = 200
"""Number of different files; the others are links to them, so that the disk holds them."""
DASK = [sys.executable, "-m"]


@dataclass(frozen=True)
class Cost:
    """Costs of a replay."""

    wall_s: float
    cpu_s: float
    """Processor time of all processes, seconds."""
    memory: list[float]
    """Samples of the memory of all processes, MiB."""

    def row(self, name: str, files_n: int, hours: float) -> str:
        """Return a row of the table."""
        tenth = max(1, len(self.memory) // 10)
        early, late = (
            np.median(self.memory[tenth : 3 * tenth]),
            np.median(self.memory[-2 * tenth :]),
        )
        return (
            f"| {name} | {self.wall_s:.0f} s | {files_n / self.wall_s:.1f} | {self.cpu_s:.0f} s "
            f"| {hours * 3600 / self.cpu_s:.0f} | {max(self.memory):.0f} MiB "
            f"| {late - early:+.0f} MiB |"
        )


def make_files(folder: Path, count: int, seconds: float) -> float:
    """Make FLAC files out of the bundled recording; return their length together, hours."""
    samples, rate = soundfile.read(RECORDING, dtype="float32")
    length = round(seconds * rate)
    for i in range(count):
        at = (i * 7919 * rate // 100) % (len(samples) - length)
        path = folder / f"{i // 1000:03}" / f"{i:06}.flac"
        path.parent.mkdir(exist_ok=True)
        if i < DISTINCT:
            soundfile.write(path, samples[at : at + length], rate)
        else:
            path.hardlink_to(folder / "000" / f"{i % DISTINCT:06}.flac")
    return count * seconds / 3600


def measured(command: Sequence[str | Path], more: Sequence[int]) -> Cost:
    """Run a program to its end.

    Args:
        command: the program.
        more: process ids of other programs that work for it.
    """
    begun_s, cpu = time.monotonic(), dict[tuple[int, float], float]()
    before = sum(_sample(more, {})[1].values())
    memory = []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            used, cpu = _sample([process.pid, *more], cpu)
            memory.append(used)
            time.sleep(SAMPLE_S)
    return Cost(time.monotonic() - begun_s, sum(cpu.values()) - before, memory)


def _sample(
    pids: Sequence[int], cpu: dict[tuple[int, float], float]
) -> tuple[float, dict[tuple[int, float], float]]:
    """Return the memory of processes and their children, and their processor times so far."""
    used, times = 0, dict(cpu)
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            top = psutil.Process(pid)
            for process in [top, *top.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    used += process.memory_full_info().pss
                    spent = process.cpu_times()
                    times[process.pid, process.create_time()] = spent.user + spent.system
    return used / MIB, times


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[int]]]:
    """Run a scheduler and workers; give the address and the process ids."""
    place = folder / "scheduler.json"
    options = ["--scheduler-file", str(place), "--no-dashboard"]
    one_each = ["--nthreads", "1", "--no-nanny", "--local-directory", str(folder)]
    commands = [[*DASK, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", *options]]
    commands[0] += ["--port", "0"]
    commands += [[*DASK, "distributed.cli.dask_worker", *options, *one_each]] * workers
    environment = {**os.environ, "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error"}
    processes = [
        subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        for command in commands
    ]
    try:
        while not (place.exists() and place.stat().st_size):
            time.sleep(0.1)
        time.sleep(5)  # the workers start
        yield json.loads(place.read_text())["address"], [process.pid for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int, help="number of files")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "music").mkdir()
        hours = make_files(folder / "music", asked.count, asked.seconds)
        replay = [sys.executable, "-m", "moodstream", "replay", str(folder / "music")]
        replay += ["--format", "csv", "--resume"]
        print("| way | time | files a second | CPU | times real time | memory | growth |")
        print("|---|---|---|---|---|---|---|")
        jobs = ["--jobs", str(asked.workers)]
        cost = measured([*replay, folder / "jobs.csv", *jobs], [])
        print(cost.row(f"`--jobs {asked.workers}`", asked.count, hours), flush=True)
        with cluster(folder, asked.workers) as (address, pids):
            cost = measured([*replay, folder / "dask.csv", "--dask", address], pids)
        print(cost.row(f"Dask, {asked.workers} workers", asked.count, hours))
        one, other = ((folder / name).read_text().splitlines() for name in ("jobs.csv", "dask.csv"))
        print(f"\n{len(one)} and {len(other)} lines of results.")
        for line in difflib.unified_diff(one, other, "jobs.csv", "dask.csv", lineterm="", n=0):
            print(line)


if __name__ == "__main__":
    main()
