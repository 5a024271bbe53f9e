"""Recordings through the pipeline, as fast as it goes."""

from collections.abc import Iterator
from pathlib import Path

from moodstream.audio.chunk import Block
from moodstream.audio.file import BLOCK_N, AudioFile
from moodstream.bundle import Bundle
from moodstream.message import Message
from moodstream.pipeline import Pipeline, Step
from moodstream.silence import SilenceSpec
from moodstream.smoothing import SmoothingSpec
from moodstream.summary import Summary

DEFAULT_HOP_S = 0.5


def steps(pipeline: Pipeline, blocks: Iterator[Block]) -> Iterator[Step]:
    """Everything the pipeline has to say of a recording.

    Raises:
        AudioFileError: the recording is damaged; what it said of the part before stands.
    """
    for block in blocks:
        yield from pipeline.process(block)
    yield from pipeline.finish()


def summarise(
    path: Path,
    bundle: Bundle,
    *,
    hop_s: float = DEFAULT_HOP_S,
    silence: SilenceSpec | None = None,
    smoothing: SmoothingSpec | None = None,
    block_n: int = BLOCK_N,
) -> Message:
    """The summary of one recording, by the bundle's own settings unless others are given.

    Raises:
        AudioFileError: it cannot be read.
    """
    card = bundle.card
    pipeline = Pipeline(bundle, hop_s, silence or card.silence, smoothing or card.smoothing)
    summary = Summary(pipeline.rate)
    with AudioFile(path) as file:
        for step in steps(pipeline, file.blocks(block_n)):
            summary.add(step)
        return summary.message(str(path), file.read_n / file.rate)
