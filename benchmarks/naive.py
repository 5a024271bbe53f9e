"""What streaming saves: the same features and models, computed anew for each window."""

import json
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import median

from benchmarks.plan import Plan
from benchmarks.process import ONE_THREAD, Missing, run
from benchmarks.report import Report, figure

NEEDS = ("librosa", "keras", "tensorflow", "moodstream_train")
WAYS = {
    "naive_keras": "librosa, Keras `predict`",
    "naive_litert": "librosa, LiteRT",
    "pipeline": "moodstream's pipeline",
}
RUNS = 3


@dataclass(frozen=True)
class Found:
    """Of one way to do it."""

    cpu_s: float
    """For each second of audio."""
    peak_mb: float
    start_cpu_s: float
    """From the start of the process to the first answer."""
    start_wall_s: float


def measure(plan: Plan) -> Report:
    """Three ways to name the mood of the last three seconds, every half second.

    Raises:
        Missing: what the others are made of.
    """
    for module in NEEDS:
        if not find_spec(module):
            raise Missing(f"{module} is not installed: pip install './train' librosa")
    found = {way: _measured(way, plan) for way in WAYS}
    ours = found["pipeline"]
    rows = [
        (
            WAYS[way],
            figure(1000 * it.cpu_s),
            figure(1 / it.cpu_s),
            figure(it.cpu_s / ours.cpu_s),
            figure(it.peak_mb),
            figure(it.start_cpu_s),
            figure(it.start_wall_s),
        )
        for way, it in found.items()
    ]
    return Report(
        "Naive",
        f"Every half second of {plan.scale.naive_s:g} s, the mood of the last three seconds, by "
        "a CNN and a recurrent network. The naive ways compute `librosa.feature.mfcc` of the whole "
        "window and run both models over all of it: with Keras' `predict` on networks as the "
        "training package builds them (untrained; their speed does not depend on the weights), "
        "or with LiteRT on the models of the bundle. They are spared the chroma frames and the "
        "statistics over the texture window, which ours computes. Each gets 16 kHz mono samples in "
        "memory, in a process of its own, and one thread for OpenBLAS, which moodstream sets "
        "itself: with the default, the naive ways burn CPU time on threads that wait for each "
        "other. CPU is of all threads, median of "
        f"{min(RUNS, plan.scale.runs)} runs after one that fills the caches.",
        (
            "way",
            "CPU ms per s of audio",
            "x real time",
            "CPU, ours = 1",
            "peak MB",
            "start-up CPU s",
            "start-up wall s",
        ),
        rows,
    )


def _measured(way: str, plan: Plan) -> Found:
    path = plan.recording(plan.scale.naive_s, 16000, 1)
    script = (sys.executable, "-m", f"benchmarks.measured.{way}", str(plan.bundle), str(path))
    run(*script, **ONE_THREAD)
    found = []
    for _ in range(min(RUNS, plan.scale.runs)):
        cost = run(*script, **ONE_THREAD)
        found.append(Found(peak_mb=cost.peak_mb, **json.loads(cost.output)))
    return Found(
        median(it.cpu_s for it in found),
        median(it.peak_mb for it in found),
        median(it.start_cpu_s for it in found),
        median(it.start_wall_s for it in found),
    )
