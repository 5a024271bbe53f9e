"""What hearing costs on this machine, and how many streams it could carry."""

import math
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice, takewhile
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from moodstream.arrays import Numbers
from moodstream.assembly import make_pipeline
from moodstream.audio.chunk import Block
from moodstream.audio.demo import RECORDING
from moodstream.audio.file import AudioFile
from moodstream.bundle.bundle import Bundle
from moodstream.config.sections import Config
from moodstream.messages.published import Announcer, encode, recording_clock
from moodstream.pipeline import Step
from moodstream.replay.workers import cores, sigint_blocked
from moodstream.stopwatch import Stopwatch

STAGES = {
    "resample": ("resampler",),
    "MFCC": ("mfcc", "normaliser", "stationary"),
    "chroma and texture": ("chroma", "texture"),
    "CNN": ("window", "cnn"),
    "RNN": ("rnn",),
    "smoothing": ("smoother",),
}
"""Names of stages, and of the parts of the pipeline that each is made of."""
DECODE, MESSAGE, REST, ALL = "decode", "message", "the rest", "all of these"
WARM_UP_HOPS = 20
"""Not counted: caches are cold, and the windows of the first hops are not full."""
LOADED_HOPS = 60
"""Of the recording, in the memory of each of many processes."""
SHARE = 0.8
"""Of time and memory that streams may take, so that a busy moment is no lost sound."""
START_S = 120.0
"""After which a process that has not started will not."""


@dataclass(frozen=True)
class Cost:
    """Of a stream that was heard hop by hop."""

    audio_s: float
    """Seconds of audio heard."""
    stages_s: dict[str, float]
    """CPU seconds of each stage."""
    cpu_s: float
    """CPU seconds of all of it, at least the sum of the stages."""
    hops_s: Numbers
    """Seconds from the last sample of each hop to its message [shape=(hops,)]."""
    resident_mb: float
    """Memory of the process that heard it, 10^6 bytes."""

    @property
    def live(self) -> float:
        """CPU seconds that a second of audio takes that need not be decoded."""
        return (self.cpu_s - self.stages_s[DECODE]) / self.audio_s


@dataclass(frozen=True)
class Capacity:
    """How many live streams there is room for, each a daemon of its own."""

    a_core: int
    """Time of one core, alone."""
    all_cores: int
    """Time of all cores, each as fast as it is while the others work too."""
    memory: int

    @property
    def streams(self) -> int:
        """As many as there is time and memory for."""
        return min(self.all_cores, self.memory)

    @staticmethod
    def of(cost: Cost, audio_per_s: float, available_mb: float) -> "Capacity":
        """What follows from the measurements.

        Args:
            cost: of one stream.
            audio_per_s: seconds of audio that all cores together hear in a second.
            available_mb: memory that is free for programs, 10^6 bytes.
        """
        return Capacity(
            math.floor(SHARE / cost.live),
            math.floor(SHARE * audio_per_s),
            math.floor(SHARE * available_mb / cost.resident_mb),
        )


def hear_one(config: Config, models: Bundle, seconds: float) -> Cost:
    """Hear the bundled recording for so long, and take the time of every stage."""
    stream = _Stream(config, models)
    hops_s: list[float] = []
    heard_n = 0
    with AudioFile(RECORDING) as file:
        blocks = _over_and_over(file, config.pipeline.hop_s)
        for block in islice(blocks, WARM_UP_HOPS):
            stream.process(block)
        stream.stopwatch.reset()
        until_s, begun_ns = time.perf_counter() + seconds, time.thread_time_ns()
        while time.perf_counter() < until_s or not hops_s:
            block = stream.stopwatch.call(DECODE, next, blocks)
            arrived_s = time.perf_counter()
            if stream.process(block):
                hops_s.append(time.perf_counter() - arrived_s)
            heard_n += len(block.samples)
        cpu_ns = time.thread_time_ns() - begun_ns
        stages_s = {s: stream.stopwatch.spent_s(s) for s in (DECODE, *STAGES, MESSAGE)}
        return Cost(heard_n / file.rate, stages_s, cpu_ns / 1e9, np.array(hops_s), _resident_mb())


def hear_many(config: Config, models: Bundle, seconds: float) -> float:
    """Hear it on all cores at once; seconds of audio that they hear in a second of their time."""
    context = get_context("spawn")
    together = context.Barrier(cores())
    with ProcessPoolExecutor(cores(), context, together.wait, (START_S,)) as pool:
        with sigint_blocked():
            found = [pool.submit(_speed, config, models, seconds) for _ in range(cores())]
        return sum(speed.result() for speed in found)


def report(cost: Cost, audio_per_s: float, available_mb: float, hop_s: float) -> str:
    """All of it as text."""
    stages_s = {**cost.stages_s, REST: cost.cpu_s - sum(cost.stages_s.values()), ALL: cost.cpu_s}
    table = "\n".join(
        f"{stage:<18}  {1e6 * cpu_s / cost.audio_s:>21.1f}  {cpu_s / cost.cpu_s:>5.0%}"
        for stage, cpu_s in stages_s.items()
    )
    median_s, late_s = np.percentile(cost.hops_s, (50, 95))
    capacity = Capacity.of(cost, audio_per_s, available_mb)
    return f"""\
stage               CPU us per s of audio  share
{table}

A hop of {1000 * hop_s:g} ms is heard in {1000 * median_s:.2f} ms (p50), {1000 * late_s:.2f} ms \
(p95, {late_s / hop_s:.1%} of its length).
A stream takes {cost.resident_mb:.0f} MB of memory; {available_mb:.0f} MB are available.
All cores together ({cores()}) hear {audio_per_s:.0f} s of audio in a second.

This machine could carry {capacity.streams} live streams, with a fifth of it left free:
{capacity.a_core} by the time of one core, {capacity.all_cores} by that of all, \
{capacity.memory} by memory."""


def available_mb() -> float:
    """Memory that programs could still have, 10^6 bytes."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    available = next(line for line in lines if line.startswith("MemAvailable:"))
    return int(available.split()[1]) * 1024 / 1e6


class _Stream:
    """A stream that is processed as in the daemon, with the CPU time of its stages."""

    def __init__(self, config: Config, models: Bundle) -> None:
        self.stopwatch = Stopwatch()
        self._pipeline = make_pipeline(config, models)
        parts = self._pipeline.parts()
        for stage, names in STAGES.items():
            for name in names:
                self.stopwatch.watch(stage, parts[name])
        self._announcer = Announcer("bench", models.sha256, self._pipeline.rate, recording_clock)

    def process(self, block: Block) -> bool:
        """Process a block; return whether it completed a hop."""
        completed = False
        for step in self._pipeline.process(block):
            self.stopwatch.call(MESSAGE, self._publish, step)
            completed = True
        return completed

    def _publish(self, step: Step) -> None:
        for message in self._announcer.process(step.state):
            if message:
                encode(message)


def _over_and_over(file: AudioFile, hop_s: float) -> Iterator[Block]:
    while True:
        yield from file.blocks(round(hop_s * file.rate))


def _speed(config: Config, models: Bundle, seconds: float) -> float:
    """Seconds of audio that this process hears in a second of CPU time, decoding left out."""
    stream = _Stream(config, models)
    with AudioFile(RECORDING) as file:
        loaded = [*islice(_over_and_over(file, config.pipeline.hop_s), LOADED_HOPS)]
    for block in loaded[:WARM_UP_HOPS]:
        stream.process(block)
    heard_s, begun_s, until_s = 0.0, time.thread_time(), time.perf_counter() + seconds
    for block in takewhile(lambda _: time.perf_counter() < until_s, cycle(loaded)):
        stream.process(block)
        heard_s += len(block.samples) / block.rate
    return heard_s / (time.thread_time() - begun_s)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
