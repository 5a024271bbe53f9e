"""Latency of the messages at a subscriber, and the CPU time of the daemon's threads."""

import sys
import tempfile
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import quantiles

from benchmarks.listening.daemon import Threads, daemon
from benchmarks.listening.live import SETTLE_S
from benchmarks.listening.room import background, broker, playing, sound_server
from benchmarks.plan import Plan
from benchmarks.process import Missing
from benchmarks.report import Report, figure

NEAR = 8
"""Number of reads before and after a sample from which its arrival is estimated."""
STEP_MS = 100
"""Milliseconds of audio that are played at once: few, as they delay what is captured."""
PERCENTILES = (50, 95, 99)
STATE, EVENT = "mood/current", "mood/event"


@dataclass(frozen=True)
class Heard:
    """Message at the subscriber."""

    topic: str
    """MQTT topic."""
    late_s: float
    """Seconds since the arrival of the last sample of its hop."""
    behind_s: float
    """Seconds since the read that completed the hop."""


@dataclass(frozen=True)
class Watched:
    """Messages and threads of a daemon."""

    heard: list[Heard]
    """Messages at the subscriber."""
    threads: dict[str, Threads]
    """Work of the threads in a second, by name."""


@cache
def watch(plan: Plan) -> Watched:
    """Run the daemon with a stopwatch at its reads, and a subscriber beside it."""
    recording = plan.recording(2 * SETTLE_S + plan.scale.live_s, 48000, 2)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        arrivals, messages = folder / "arrivals", folder / "messages"
        program = (sys.executable, "-m", "benchmarks.measured.daemon", str(arrivals))
        listener = [sys.executable, "-m", "benchmarks.measured.subscriber"]
        with (
            sound_server(folder) as variables,
            broker() as url,
            background([*listener, url, str(messages)], {}),
            playing(recording, variables, STEP_MS),
            daemon(plan.bundle, url, variables, program) as running,
        ):
            running.wait_ready()
            running.watch(SETTLE_S)
            before, begun_s = running.threads(), running.age_s
            running.watch(plan.scale.live_s)
            after, seconds = running.threads(), running.age_s - begun_s
        heard = _heard(_lines(arrivals), _lines(messages))
    none = Threads(0, 0)
    threads = {name: of.since(before.get(name, none), seconds) for name, of in after.items()}
    return Watched(heard, threads)


def measure(plan: Plan) -> Report:
    """Measure the latency of the states and of the events.

    Raises:
        Missing: audio was lost so soon that there is almost nothing to measure.
    """
    heard = watch(plan).heard
    ways = {
        f"`{STATE}`, each hop": [it.late_s for it in heard if it.topic == STATE],
        "the same, since the block that completed it": [
            it.behind_s for it in heard if it.topic == STATE
        ],
        f"`{EVENT}`, each change": [it.late_s for it in heard if it.topic == EVENT],
    }
    found = {
        way: quantiles([1000 * s for s in late], n=100, method="inclusive")
        for way, late in ways.items()
        if len(late) > 1
    }
    if not found:
        raise Missing("audio was lost at once, as the machine is busy")
    rows = [
        (
            way,
            str(len(ways[way])),
            *(figure(percentiles[percent - 1]) for percent in PERCENTILES),
            figure(1000 * max(ways[way])),
        )
        for way, percentiles in found.items()
    ]
    return Report(
        "Latency",
        "From the last sample of a hop to the message at a subscriber, over a mosquitto on the "
        f"loopback interface; {plan.scale.live_s:g} s of the recording on a capture device of "
        "PulseAudio. The arrival of a sample is estimated from the earliest of the reads around "
        "it. So its wait for the next read counts, and the constant delay of the sound server does "
        "not. The resampler needs some samples beyond the end of a hop: 36 ms at 48 kHz, none at "
        "16 kHz. (soxr's low quality needs 19 ms, but loses 3 dB at 6.5 kHz and everything above "
        "7.5 kHz; the features reach 8 kHz.) The rest is the wait for the next read.",
        ("message", "messages", *(f"p{percent} ms" for percent in PERCENTILES), "most ms"),
        rows,
        costs={f"{way}, p95 ms": percentiles[94] for way, percentiles in found.items()},
    )


def _lines(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines()]


def _heard(arrivals: Sequence[Sequence[str]], messages: Sequence[Sequence[str]]) -> list[Heard]:
    if not arrivals:
        return []
    rate = int(arrivals[0][0])
    read_n = [int(so_far_n) for _, so_far_n, _ in arrivals]
    read_s = [float(now_s) for _, _, now_s in arrivals]
    heard = []
    for topic, position_s, text in messages:
        now_s = float(text)
        read = bisect_left(read_n, round(float(position_s) * rate))
        if read < len(arrivals):
            behind_s = now_s - read_s[bisect_right(read_s, now_s) - 1]
            near = range(max(0, read - NEAR), min(len(arrivals), read + NEAR + 1))
            begun_s = min(read_s[k] - read_n[k] / rate for k in near)
            heard.append(Heard(topic, now_s - begun_s - float(position_s), behind_s))
    return heard
