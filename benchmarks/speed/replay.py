"""Speed of a replay, as a multiple of real time."""

import json
from functools import cache
from statistics import median

from benchmarks.plan import Plan
from benchmarks.process import ONE_THREAD, moodstream, python, run
from benchmarks.report import Goal, Report, figure

TARGET = 700
"""Speed without start-up on one core, as a multiple of real time: 1.4 ms of CPU a second."""
FORMATS = {"44.1 kHz stereo": (44100, 2), "16 kHz mono": (16000, 1)}

Times = tuple[float, float]
"""CPU seconds and wall seconds."""


def measure(plan: Plan) -> Report:
    """Measure the whole program, and its pipeline alone, on two formats of the same recording."""
    seconds = plan.scale.replay_s
    rows: list[tuple[str, ...]] = []
    costs_s: dict[str, float] = {}
    for name, form in FORMATS.items():
        for part, (cpu_s, wall_s) in (
            ("the whole program", program(plan, *form)),
            ("without start-up", loaded(plan, *form)),
        ):
            costs_s[f"{name}, {part}, CPU s"] = cpu_s
            cells = (cpu_s, wall_s, 1000 * cpu_s / seconds, seconds / cpu_s)
            rows.append((f"{name}, {part}", *map(figure, cells)))
    speed = seconds / loaded(plan, *FORMATS["44.1 kHz stereo"])[0]
    return Report(
        "Replay",
        f"`moodstream replay FILE --format csv` on {seconds:g} s of 16-bit WAV, median of "
        f"{plan.scale.runs} runs. CPU is user and system time of all threads; real time is "
        "divided by it. Without start-up, the same file goes through the pipeline of a process "
        "that has everything loaded.",
        ("recording", "CPU s", "wall s", "CPU ms per s of audio", "x real time"),
        rows,
        [Goal("replay without start-up", f">= {TARGET} x", f"{speed:.0f} x", speed >= TARGET)],
        costs_s,
    )


@cache
def program(plan: Plan, rate: int, channels: int) -> Times:
    """Measure the whole program."""
    path = plan.recording(plan.scale.replay_s, rate, channels)
    command = moodstream("replay", path, "--format", "csv", "--bundle", plan.bundle)
    costs = [run(*command) for _ in range(plan.scale.runs)]
    return median(cost.cpu_s for cost in costs), median(cost.wall_s for cost in costs)


@cache
def loaded(plan: Plan, rate: int, channels: int) -> Times:
    """Measure the pipeline in a process that has everything loaded."""
    path = plan.recording(plan.scale.replay_s, rate, channels)
    script = ("-m", "benchmarks.measured.replay", str(plan.bundle), str(path))
    cpu_s, wall_s = json.loads(python(*script, str(plan.scale.runs), **ONE_THREAD))
    return cpu_s, wall_s
