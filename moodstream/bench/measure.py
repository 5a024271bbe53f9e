"""Cost of streams processed as fast as possible, on one core and on all."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import cycle, islice, takewhile
from multiprocessing import get_context, resource_tracker
from pathlib import Path

import numpy as np

from moodstream.arrays import Numbers
from moodstream.assembly import make_pipeline
from moodstream.audio.chunk import Block
from moodstream.audio.demo import RECORDING
from moodstream.audio.file import AudioFile
from moodstream.bench import energy
from moodstream.bundle.bundle import Bundle
from moodstream.config.sections import Config
from moodstream.messages.published import Announcer, encode, recording_clock
from moodstream.pipeline import Step
from moodstream.replay.processes.workers import cores
from moodstream.stopwatch import Stopwatch

STAGES = {
    "resample": ("resampler",),
    "MFCC": ("mfcc", "normaliser", "stationary"),
    "chroma and texture": ("chroma", "texture"),
    "CNN": ("window", "cnn"),
    "RNN": ("rnn",),
    "smoothing": ("hearing", "smoother"),
}
"""Stages, and the parts of the pipeline that belong to each."""
DECODE, MESSAGE = "decode", "message"
"""Stages before and after the pipeline."""
WARM_UP_HOPS = 20
"""Hops that are not counted, because caches are cold and windows are not yet full."""
LOADED_HOPS = 60
"""Hops of the recording in the memory of each of many processes."""
START_S = 120.0
"""Longest time that a process may take to start, seconds."""
IDLE_S = 1.0
"""Duration of the idle measurement, seconds; only where energy is counted."""


@dataclass(frozen=True)
class Energy:
    """Energy that one stream takes."""

    about: str
    """Name of the counter."""
    idle_w: float
    """Power before the stream began, watts."""
    busy_w: float
    """Power while one core processed it as fast as it can, watts."""
    audio_j: float
    """Energy of a second of audio, joules, without that of the idle machine."""


@dataclass(frozen=True)
class Cost:
    """Cost of a stream that was processed hop by hop."""

    audio_s: float
    """Length of the audio, seconds."""
    stages_s: dict[str, float]
    """CPU seconds of each stage."""
    cpu_s: float
    """CPU seconds of all stages and of the work between them."""
    hops_s: Numbers
    """Seconds from the last sample of each hop to its message [shape=(hops,)]."""
    resident_mb: float
    """Memory of the process, 10^6 bytes."""
    energy: Energy | None = None
    """Energy; None where the machine counts none."""

    @property
    def live_s(self) -> float:
        """CPU seconds of a second of audio that needs no decoding."""
        return (self.cpu_s - self.stages_s[DECODE]) / self.audio_s


def one_stream(config: Config, models: Bundle, seconds: float) -> Cost:
    """Process the bundled recording for this long, and measure every stage."""
    stream, meter = _Stream(config, models), energy.meter()
    hops_s: list[float] = []
    audio_n = 0
    with AudioFile(RECORDING) as file:
        blocks = _endless(file, config.pipeline.hop_s)
        for block in islice(blocks, WARM_UP_HOPS):
            stream.process(block)
        stream.stopwatch.reset()
        idle_w = _idle_w(meter) if meter else 0.0
        with meter or nullcontext():
            until_s, begun_ns = time.perf_counter() + seconds, time.thread_time_ns()
            while time.perf_counter() < until_s or not hops_s:
                block = stream.stopwatch.call(DECODE, next, blocks)
                arrived_s = time.perf_counter()
                if stream.process(block):
                    hops_s.append(time.perf_counter() - arrived_s)
                audio_n += len(block.samples)
            cpu_ns = time.thread_time_ns() - begun_ns
        audio_s = audio_n / file.rate
    stages_s = {stage: stream.stopwatch.spent_s(stage) for stage in (DECODE, *STAGES, MESSAGE)}
    used = None
    if meter:
        busy_w = meter.joules / meter.seconds
        above_idle_j = max(0.0, (busy_w - idle_w) * meter.seconds)
        used = Energy(meter.about, idle_w, busy_w, above_idle_j / audio_s)
    return Cost(audio_s, stages_s, cpu_ns / 1e9, np.array(hops_s), _resident_mb(), used)


def all_cores(config: Config, models: Bundle, seconds: float) -> float:
    """Process a stream on each core at once; return their total seconds of audio per second."""
    context = get_context("spawn")
    together = context.Barrier(cores())
    with ProcessPoolExecutor(cores(), context, together.wait, (START_S,)) as pool:
        with _sigint_blocked():
            found = [pool.submit(_speed, config, models, seconds) for _ in range(cores())]
        return sum(speed.result() for speed in found)


def available_mb() -> float:
    """Return the memory available to other programs, 10^6 bytes."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    available = next(line for line in lines if line.startswith("MemAvailable:"))
    return int(available.split()[1]) * 1024 / 1e6


class _Stream:
    """Stream that is processed as in the daemon, with the CPU time of its stages."""

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
            self.stopwatch.call(MESSAGE, self._encode, step)
            completed = True
        return completed

    def _encode(self, step: Step) -> None:
        for message in self._announcer.process(step.state):
            if message:
                encode(message)


def _endless(file: AudioFile, hop_s: float) -> Iterator[Block]:
    while True:
        yield from file.blocks(round(hop_s * file.rate))


def _speed(config: Config, models: Bundle, seconds: float) -> float:
    """Return the seconds of audio per CPU second of this process, without decoding."""
    stream = _Stream(config, models)
    with AudioFile(RECORDING) as file:
        loaded = [*islice(_endless(file, config.pipeline.hop_s), LOADED_HOPS)]
    for block in loaded[:WARM_UP_HOPS]:
        stream.process(block)
    audio_s, begun_s, until_s = 0.0, time.thread_time(), time.perf_counter() + seconds
    for block in takewhile(lambda _: time.perf_counter() < until_s, cycle(loaded)):
        stream.process(block)
        audio_s += len(block.samples) / block.rate
    return audio_s / (time.thread_time() - begun_s)


def _idle_w(meter: energy.Meter) -> float:
    with meter:
        time.sleep(IDLE_S)
    return meter.joules / meter.seconds


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def _sigint_blocked() -> Iterator[None]:
    """Keep Ctrl-C, which reaches all processes of a terminal, from child processes started inside.

    The parent receives it afterwards, and ends them.
    """
    resource_tracker.ensure_running()  # starting it would unblock the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
