"""Time until moodstream answers."""

import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.listening.daemon import daemon
from benchmarks.listening.room import broker, sound_server
from benchmarks.plan import Plan
from benchmarks.process import moodstream, run
from benchmarks.report import Goal, Report, figure

TARGET_S = 0.8
"""Longest time from the start of the daemon until it is ready, seconds."""
PROGRAMS = {
    "python, nothing else": [sys.executable, "-c", "pass"],
    "moodstream --version": moodstream("--version"),
    "import moodstream.pipeline": [sys.executable, "-c", "import moodstream.pipeline"],
}

Times = tuple[float, float]
"""CPU seconds and wall seconds."""


def measure(plan: Plan) -> Report:
    """Measure small programs to their end, and the daemon until it is ready."""
    runs = plan.scale.runs
    found: dict[str, Times] = {}
    for name, command in PROGRAMS.items():
        costs = [run(*command) for _ in range(runs)]
        found[name] = _median([(cost.cpu_s, cost.wall_s) for cost in costs])
    ready = found["moodstream run, to READY=1"] = _median(_ready(plan, runs))
    return Report(
        "Start-up",
        f"From the start of the process, median of {runs} runs. The daemon is ready when it "
        "tells systemd so: the models are loaded, the connection to the broker is being made, and "
        "the capture device is being opened.",
        ("what", "CPU s", "wall s"),
        [(name, *map(figure, times)) for name, times in found.items()],
        [Goal("start to ready", f"< {TARGET_S} s", f"{figure(ready[1])} s", ready[1] < TARGET_S)],
        {f"{name}, CPU s": cpu_s for name, (cpu_s, _) in found.items()},
    )


def _ready(plan: Plan, runs: int) -> list[Times]:
    times = []
    with (
        tempfile.TemporaryDirectory() as folder,
        sound_server(Path(folder)) as variables,
        broker() as url,
    ):
        for _ in range(runs):
            with daemon(plan.bundle, url, variables) as running:
                ready_s = running.wait_ready()
                times.append((running.cpu_s, ready_s))
    return times


def _median(times: list[Times]) -> Times:
    cpu_s, wall_s = zip(*times, strict=True)
    return median(cpu_s), median(wall_s)
