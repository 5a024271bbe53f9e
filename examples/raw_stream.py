"""Hear an endless stream of raw samples from standard input, block by block.

    ffmpeg -i http://radio.example/live -f s16le -ac 1 -ar 44100 - | python raw_stream.py 44100

A line is printed at each change of the mood. The stream may last for days: memory does not grow.
"""

import argparse
import sys
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from moodstream import Block, MoodState, Pipeline, Step, load_bundle

BLOCK_N = 4096
"""Samples of a block; any number gives the same moods."""
BYTES = 2
"""Bytes of a sample."""


def blocks(stream: BinaryIO, rate: int) -> Iterator[Block]:
    """Yield blocks of 16-bit samples until the stream ends."""
    while data := stream.read(BLOCK_N * BYTES):
        samples = np.frombuffer(data[: len(data) // BYTES * BYTES], "<i2")
        yield Block(samples.astype(np.float32) / np.float32(1 << 15), rate)


def steps(pipeline: Pipeline, stream: BinaryIO, rate: int) -> Iterator[Step]:
    """Yield a step for each half second of sound."""
    for block in blocks(stream, rate):
        yield from pipeline.process(block)
    yield from pipeline.finish()


def main() -> None:
    """Hear standard input."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rate", type=int, help="samples a second, hertz")
    rate = parser.parse_args().rate
    pipeline = Pipeline.of(load_bundle())
    before: MoodState | None = None
    for step in steps(pipeline, sys.stdin.buffer, rate):
        state = step.state
        if before is None or state.key != before.key:
            place = ""
            if state.moods:
                place = f"  valence {state.moods.valence:+.2f}  arousal {state.moods.arousal:+.2f}"
            seconds = state.position_n / pipeline.rate
            print(f"{seconds:8.1f} s  {state.mood or state.status:<10}{place}", flush=True)
        before = state


if __name__ == "__main__":
    main()
