"""What it costs to hear the same recording, half a second at a time, in one way or another."""

import json
from dataclasses import dataclass
from statistics import median

from benchmarks.plan import Plan
from benchmarks.process import one_core, run
from benchmarks.report import figure

RUNS = 3
HEAD = (
    "way",
    "CPU ms per s of audio",
    "x real time",
    "CPU, ours = 1",
    "peak MB",
    "start-up CPU s",
    "start-up wall s",
)
ABOUT = (
    "Each gets 16 kHz mono samples in memory, in a process of its own, on one core: with more of "
    "them, some ways burn CPU time on threads that wait for each other. CPU is user and system "
    "time without start-up, which goes from the start of the process to its first answer; 1 MB is "
    "10^6 bytes"
)


@dataclass(frozen=True)
class Hearing:
    """Of one way to do it."""

    cpu_s: float
    """For each second of audio."""
    peak_mb: float
    start_cpu_s: float
    """From the start of the process to the first answer."""
    start_wall_s: float

    def row(self, way: str, ours: "Hearing") -> tuple[str, ...]:
        """What stands below ``HEAD``."""
        cells = (
            1000 * self.cpu_s,
            1 / self.cpu_s,
            self.cpu_s / ours.cpu_s,
            self.peak_mb,
            self.start_cpu_s,
            self.start_wall_s,
        )
        return (way, *map(figure, cells))


def runs(plan: Plan) -> int:
    """Of which the median is told; there is one more before them, that fills the caches."""
    return min(RUNS, plan.scale.runs)


def hear(script: str, plan: Plan, python: str) -> Hearing:
    """The medians of a script of ``benchmarks.measured``, run by this Python."""
    path = plan.recording(plan.scale.naive_s, 16000, 1)
    command = (python, "-m", f"benchmarks.measured.{script}", str(plan.bundle), str(path))
    with one_core():
        run(*command)
        costs = [run(*command) for _ in range(runs(plan))]
    found = [json.loads(cost.output) for cost in costs]
    return Hearing(**{name: median(it[name] for it in found) for name in found[0]})
