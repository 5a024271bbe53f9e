"""Distance to each goal: the parts of a cost, and which of them would have to go."""

import json
import sys
from collections.abc import Iterator, Mapping

from benchmarks.listening import latency, live
from benchmarks.plan import Plan
from benchmarks.process import ONE_THREAD, python, run
from benchmarks.report import Report, figure
from benchmarks.speed import replay

RATE, CHANNELS = replay.FORMATS["44.1 kHz stereo"]
THREADS = {
    "main": "main: pipeline, messages",
    "capture": "capture: reads of the device, mixing",
    "publisher": "publisher: what waits for the broker",
    "paho-mqtt-clien": "paho: the connection",
    "threaded-ml": "PulseAudio's own, in the process",
}
"""Work of each thread, by its name in Linux."""


def of_replay(plan: Plan) -> Report:
    """Report the parts of a replay without start-up, beside its goal."""
    seconds = plan.scale.replay_s
    pipeline_us = 1e6 * replay.loaded(plan, RATE, CHANNELS)[0] / seconds
    path = plan.recording(plan.scale.stages_s, RATE, CHANNELS)
    script = ("-m", "benchmarks.measured.in_place", str(plan.bundle), str(path))
    found: dict[str, float] = json.loads(python(*script, str(plan.scale.runs), **ONE_THREAD))
    parts = {name: 1e6 * cpu_s / plan.scale.stages_s for name, cpu_s in found.items()}
    parts["between the parts"] = pipeline_us - sum(parts.values())
    goal_us = 1e6 / replay.TARGET
    return Report(
        "What is left: replay",
        "CPU time of each part of the pipeline at its place between the others, by its name in "
        "`pipeline.py`; *Stages* has each part alone. The sum is the second line of *Replay*. "
        f"{replay.TARGET} times real time is {figure(goal_us)} us per second of audio. "
        f"{_verdict(parts, goal_us)}",
        ("part", "CPU us per s of audio", "share", "of the goal"),
        [*_rows(parts, goal_us)],
        costs={f"{name}, us": us for name, us in parts.items() if name in found},
    )


def of_live(plan: Plan) -> Report:
    """Report the threads of the daemon, beside its goal."""
    threads = latency.watch(plan).threads
    parts = {THREADS.get(name, name): 1e6 * of.cpu_s for name, of in threads.items()}
    waits = {THREADS.get(name, name): of.waits for name, of in threads.items()}
    goal_us = 1e4 * live.TARGET_PERCENT
    pipeline_us = 1e6 * replay.loaded(plan, RATE, CHANNELS)[0] / plan.scale.replay_s
    return Report(
        "What is left: live",
        "CPU time of the threads of `moodstream run` during *Latency*, and how often each of them "
        f"waits. {live.TARGET_PERCENT} % of a core is {figure(goal_us)} us per second. In a replay "
        f"the pipeline takes {figure(pipeline_us)} us, decoding included. The main thread needs "
        "more to wake up and to publish, and because short bursts of work are slower. "
        f"{_verdict(parts, goal_us)}",
        ("thread", "CPU us per s", "share", "of the goal", "waits per s"),
        [(*row, figure(waits.get(row[0], sum(waits.values())))) for row in _rows(parts, goal_us)],
    )


def of_memory(plan: Plan) -> Report:
    """Report the memory that each part of the daemon adds, beside the goal."""
    path = plan.recording(plan.scale.stages_s, RATE, CHANNELS)
    script = (sys.executable, "-m", "benchmarks.measured.memory", str(plan.bundle), str(path))
    after_mb: dict[str, float] = json.loads(run(*script, **ONE_THREAD).output)
    parts, before_mb = {}, 0.0
    for step, mb in {**after_mb, "threads and all else": live.live(plan).peak_mb}.items():
        parts[step], before_mb = mb - before_mb, mb
    return Report(
        "What is left: memory",
        "Resident memory that each step adds in a process that imports and loads the same as the "
        "daemon, in this order. *Threads and all else* is the difference to the daemon of *Live*. "
        f"1 MB is 10^6 bytes, the goal is {live.TARGET_MB} MB. {_verdict(parts, live.TARGET_MB)}",
        ("step", "MB", "share", "of the goal"),
        [*_rows(parts, live.TARGET_MB)],
    )


def _rows(parts: Mapping[str, float], goal: float) -> Iterator[tuple[str, ...]]:
    whole = sum(parts.values())
    for name, cost in {**parts, "sum": whole}.items():
        yield name, figure(cost), f"{cost / whole:.0%}", f"{cost / goal:.0%}"


def _verdict(parts: Mapping[str, float], goal: float) -> str:
    """Return which parts would have to cost nothing, the most expensive first."""
    left = sum(parts.values())
    if left <= goal:
        return "The goal is reached."
    gone = []
    for name, cost in sorted(parts.items(), key=lambda part: -part[1]):
        gone.append(name)
        left -= cost
        if left <= goal:
            break
    several = len(gone) > 1
    return (
        f"The sum is {figure(sum(parts.values()) / goal)} times the goal: it would be reached if "
        f"{'these' if several else 'this'} cost nothing at all, the most expensive first: "
        f"{'; '.join(gone)}."
    )
