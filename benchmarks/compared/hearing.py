"""Cost of the same recording, half a second at a time, in one way or another."""

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
    "Each gets 16 kHz mono samples in memory, in a process of its own, on one core: on several "
    "cores, some waste CPU time on threads that wait for each other. CPU is user and system time "
    "after start-up; start-up ends with the first answer. 1 MB is 10^6 bytes"
)


@dataclass(frozen=True)
class Hearing:
    """Cost of one way to process the recording."""

    cpu_s: float
    """CPU seconds of a second of audio."""
    peak_mb: float
    """Largest resident memory, 10^6 bytes."""
    start_cpu_s: float
    """CPU seconds from the start of the process to its first answer."""
    start_wall_s: float
    """Seconds from the start of the process to its first answer."""

    def row(self, way: str, ours: "Hearing") -> tuple[str, ...]:
        """Return the cells below ``HEAD``."""
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
    """Return the number of runs for the median; one more comes first and fills the caches."""
    return min(RUNS, plan.scale.runs)


def hear(script: str, plan: Plan, python: str) -> Hearing:
    """Return the medians of a script of ``benchmarks.compared.measured``, run by a Python."""
    path = plan.recording(plan.scale.naive_s, 16000, 1)
    command = (python, "-m", f"benchmarks.compared.measured.{script}", str(plan.bundle), str(path))
    with one_core():
        run(*command)
        costs = [run(*command) for _ in range(runs(plan))]
    found = [json.loads(cost.output) for cost in costs]
    return Hearing(**{name: median(it[name] for it in found) for name in found[0]})
