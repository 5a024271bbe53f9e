"""``pipeline BUNDLE WAV``: the pipeline of moodstream, half a second at a time."""

import sys
from pathlib import Path

from benchmarks.measured.half_seconds import HOP_S, rate, report
from benchmarks.measured.samples import hops
from moodstream import self_test
from moodstream.arrays import Float32
from moodstream.audio.chunk import Block
from moodstream.pipeline import Pipeline

loaded = self_test.load(Path(sys.argv[1]))
pipeline = Pipeline(loaded, HOP_S, loaded.card.silence, loaded.card.smoothing)


def hear(hop: Float32) -> None:
    """Name the mood after a hop."""
    list(pipeline.process(Block(hop, rate)))


report(hear, hops())
