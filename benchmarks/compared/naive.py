"""Savings by streaming: the same features and models, computed anew for each window."""

import sys
from importlib.util import find_spec

from benchmarks.compared.hearing import ABOUT, HEAD, hear, runs
from benchmarks.plan import Plan
from benchmarks.process import Missing
from benchmarks.report import Goal, Report, figure

TARGET = 25
"""CPU time of the first naive way, as a multiple of ours."""
NEEDS = ("librosa", "keras", "tensorflow", "moodstream_train")
WAYS = {
    "naive_keras": "librosa, Keras `predict`",
    "naive_litert": "librosa, LiteRT",
    "pipeline": "moodstream's pipeline",
}


def measure(plan: Plan) -> Report:
    """Measure three ways to name the mood of the last three seconds, every half second.

    Raises:
        Missing: a library of the other ways is not installed.
    """
    for module in NEEDS:
        if not find_spec(module):
            raise Missing(f"{module} is not installed: pip install './train' librosa")
    found = {way: hear(way, plan, sys.executable) for way in WAYS}
    ours = found["pipeline"]
    times = found["naive_keras"].cpu_s / ours.cpu_s
    return Report(
        "Naive",
        f"Every half second of {plan.scale.naive_s:g} s, the mood of the last three seconds, by "
        "a CNN and a recurrent network. The naive ways compute `librosa.feature.mfcc` of the whole "
        "window and run both models over all of it: with Keras' `predict` on networks as the "
        "training package builds them (untrained; their speed does not depend on the weights), "
        "or with LiteRT on the models of the bundle. They leave out the chroma and the "
        "texture, which ours computes. "
        f"{ABOUT}; medians of {runs(plan)} runs after one that fills the caches.",
        HEAD,
        [found[way].row(name, ours) for way, name in WAYS.items()],
        [Goal("CPU of the naive way", f">= {TARGET} x", f"{figure(times)} x", times >= TARGET)],
    )
