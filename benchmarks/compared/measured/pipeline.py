"""``pipeline BUNDLE WAV``: the pipeline of moodstream, half a second at a time."""

import sys
from pathlib import Path

from benchmarks.compared.measured.half_seconds import rate, report
from benchmarks.compared.measured.samples import hops
from moodstream import self_test
from moodstream.arrays import Float32
from moodstream.audio.chunk import Block
from moodstream.pipeline import Pipeline

loaded = self_test.load(Path(sys.argv[1]))
pipeline = Pipeline.of(loaded)


def hear(hop: Float32) -> None:
    """Process a hop."""
    list(pipeline.process(Block(hop, rate)))


report(hear, hops())
