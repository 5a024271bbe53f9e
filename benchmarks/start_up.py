"""How long it takes until moodstream answers."""

import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.daemon import daemon
from benchmarks.plan import Plan
from benchmarks.process import moodstream, run
from benchmarks.report import Goal, Report, figure
from benchmarks.room import broker, sound_server

TARGET_S = 0.8
PROGRAMS = {
    "python, nothing else": [sys.executable, "-c", "pass"],
    "moodstream --version": moodstream("--version"),
    "import moodstream.pipeline": [sys.executable, "-c", "import moodstream.pipeline"],
}

Times = tuple[float, float]
"""CPU seconds and wall seconds."""


def measure(plan: Plan) -> Report:
    """The times to the end of small programs, and until the daemon is ready."""
    runs = plan.scale.runs
    found: dict[str, Times] = {}
    for name, command in PROGRAMS.items():
        costs = [run(*command) for _ in range(runs)]
        found[name] = _median([(cost.cpu_s, cost.wall_s) for cost in costs])
    ready = found["moodstream run, to READY=1"] = _median(_ready(plan, runs))
    return Report(
        "Start-up",
        f"From the start of the process, median of {runs} runs. The daemon is ready when it "
        "tells systemd so: the models are loaded, the broker is being connected to, and it "
        "begins to open the capture device.",
        ("what", "CPU s", "wall s"),
        [(name, *map(figure, times)) for name, times in found.items()],
        [Goal("start to ready", f"< {TARGET_S} s", f"{figure(ready[1])} s", ready[1] < TARGET_S)],
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
