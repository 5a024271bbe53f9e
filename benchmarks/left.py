"""What is left to be saved where a goal is not reached, and which parts would have to go."""

import json
import sys
from collections.abc import Iterator, Mapping

from benchmarks import latency, live, replay
from benchmarks.plan import Plan
from benchmarks.process import ONE_THREAD, python, run
from benchmarks.report import Report, figure

RATE, CHANNELS = replay.FORMATS["44.1 kHz stereo"]
THREADS = {
    "main": "main: pipeline, messages",
    "capture": "capture: reads of the device, mixing",
    "publisher": "publisher: what waits for the broker",
    "paho-mqtt-clien": "paho: the connection",
    "threaded-ml": "PulseAudio's own, in the process",
}
"""What the threads do, by the names that Linux has for them."""


def of_replay(plan: Plan) -> Report:
    """The parts of a replay, the start included, beside its goal."""
    seconds = plan.scale.replay_s
    whole_us, pipeline_us = (
        1e6 * way(plan, RATE, CHANNELS)[0] / seconds for way in (replay.program, replay.loaded)
    )
    path = plan.recording(plan.scale.stages_s, RATE, CHANNELS)
    script = ("-m", "benchmarks.measured.in_place", str(plan.bundle), str(path))
    found: dict[str, float] = json.loads(python(*script, str(plan.scale.runs), **ONE_THREAD))
    parts = {name: 1e6 * cpu_s / plan.scale.stages_s for name, cpu_s in found.items()}
    parts["between the parts"] = pipeline_us - sum(parts.values())
    parts["start and end"] = whole_us - pipeline_us
    goal_us = 1e6 / replay.TARGET
    return Report(
        "What is left: replay",
        "Where the CPU time of the first line of *Replay* goes, each part at its work between the "
        "others, not alone as in *Stages*, by the name that `pipeline.py` has for it; the start is "
        f"spread over the {seconds:g} s of the file. {replay.TARGET} times real time would be "
        f"{figure(goal_us)} us per second of audio. {_verdict(parts, goal_us)}",
        ("part", "CPU us per s of audio", "share", "of the goal"),
        [*_rows(parts, goal_us)],
    )


def of_live(plan: Plan) -> Report:
    """The threads of the daemon beside its goal."""
    threads = latency.watch(plan).threads
    parts = {THREADS.get(name, name): 1e6 * of.cpu_s for name, of in threads.items()}
    waits = {THREADS.get(name, name): of.waits for name, of in threads.items()}
    goal_us = 1e4 * live.TARGET_PERCENT
    pipeline_us = 1e6 * replay.loaded(plan, RATE, CHANNELS)[0] / plan.scale.replay_s
    return Report(
        "What is left: live",
        "CPU time of the threads of `moodstream run`, as it was watched for *Latency*, and how "
        "often each of them waits and is woken up. "
        f"{live.TARGET_PERCENT} % of a core is {figure(goal_us)} us per second. In a replay, all "
        f"that the pipeline does takes {figure(pipeline_us)} us, decoding included; what the main "
        "thread takes beyond that is waking up, telling, and what the same work loses in short "
        f"bursts. {_verdict(parts, goal_us)}",
        ("thread", "CPU us per s", "share", "of the goal", "waits per s"),
        [(*row, figure(waits.get(row[0], sum(waits.values())))) for row in _rows(parts, goal_us)],
    )


def of_memory(plan: Plan) -> Report:
    """What each part of the daemon adds to its memory, beside the goal."""
    path = plan.recording(plan.scale.stages_s, RATE, CHANNELS)
    script = (sys.executable, "-m", "benchmarks.measured.memory", str(plan.bundle), str(path))
    after_mb: dict[str, float] = json.loads(run(*script, **ONE_THREAD).output)
    parts, before_mb = {}, 0.0
    for step, mb in {**after_mb, "threads and all else": live.live(plan).peak_mb}.items():
        parts[step], before_mb = mb - before_mb, mb
    return Report(
        "What is left: memory",
        "What becomes resident at each step of a process that imports and loads what the daemon "
        "does, in this order; all else is what the daemon of *Live* has beyond it. 1 MB is 10^6 "
        f"bytes, the goal is {live.TARGET_MB} MB. {_verdict(parts, live.TARGET_MB)}",
        ("step", "MB", "share", "of the goal"),
        [*_rows(parts, live.TARGET_MB)],
    )


def _rows(parts: Mapping[str, float], goal: float) -> Iterator[tuple[str, ...]]:
    whole = sum(parts.values())
    for name, cost in {**parts, "sum": whole}.items():
        yield name, figure(cost), f"{cost / whole:.0%}", f"{cost / goal:.0%}"


def _verdict(parts: Mapping[str, float], goal: float) -> str:
    """Which parts would have to cost nothing, the dearest first."""
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
        f"{'these' if several else 'this'} cost nothing at all, the dearest first: "
        f"{'; '.join(gone)}."
    )
