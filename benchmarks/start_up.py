"""How long it takes until moodstream answers."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.daemon import daemon
from benchmarks.plan import Plan
from benchmarks.process import moodstream, run
from benchmarks.report import Goal, Report, figure
from benchmarks.room import broker, playing, sound_server

TARGET_S = 1.5
PROGRAMS = {
    "python, nothing else": [sys.executable, "-c", "pass"],
    "moodstream --version": moodstream("--version"),
    "import moodstream.pipeline": [sys.executable, "-c", "import moodstream.pipeline"],
}

Times = tuple[float, float]
"""CPU seconds and wall seconds."""


def measure(plan: Plan) -> Report:
    """The times to the end of small programs, and to the first signs of life of the daemon."""
    runs = plan.scale.runs
    found: dict[str, Times] = {}
    for name, command in PROGRAMS.items():
        costs = [run(*command) for _ in range(runs)]
        found[name] = _median([(cost.cpu_s, cost.wall_s) for cost in costs])
    ready, heard = zip(*_signs_of_life(plan, runs), strict=True)
    found["moodstream run, to READY=1"] = _median(ready)
    found["moodstream run, to its first state"] = _median(heard)
    ready_s = found["moodstream run, to READY=1"][1]
    return Report(
        "Start-up",
        f"From the start of the process, median of {runs} runs. The daemon listens to a capture "
        "device of PulseAudio and is ready when it tells systemd so; its first state is that of "
        "the first half second that it has heard.",
        ("what", "CPU s", "wall s"),
        [(name, *map(figure, times)) for name, times in found.items()],
        [Goal("start to ready", f"< {TARGET_S} s", f"{figure(ready_s)} s", ready_s < TARGET_S)],
    )


def _signs_of_life(plan: Plan, runs: int) -> Iterator[tuple[Times, Times]]:
    recording = plan.recording(5.0 * (runs + 1), 48000, 2)
    with (
        tempfile.TemporaryDirectory() as folder,
        sound_server(Path(folder)) as variables,
        broker() as url,
        playing(recording, variables),
    ):
        for _ in range(runs):
            with daemon(plan.bundle, url, variables, "--states") as running:
                ready_s = running.wait_ready()
                ready = running.cpu_s, ready_s
                state_s = running.wait_line()
                yield ready, (running.cpu_s, state_s)


def _median(times: "list[Times] | tuple[Times, ...]") -> Times:
    cpu_s, wall_s = zip(*times, strict=True)
    return median(cpu_s), median(wall_s)
