"""Recordings through the pipeline, as fast as it goes."""

from collections.abc import Iterator
from pathlib import Path

from moodstream.audio.chunk import Block
from moodstream.audio.file import BLOCK_N, AudioFile
from moodstream.bundle import Bundle
from moodstream.config import PipelineConfig
from moodstream.message import Message
from moodstream.pipeline import Pipeline, Step
from moodstream.summary import Summary

DEFAULT_HOP_S = PipelineConfig.hop_s


def steps(pipeline: Pipeline, blocks: Iterator[Block]) -> Iterator[Step]:
    """Everything the pipeline has to say of a recording.

    Raises:
        AudioFileError: the recording is damaged; what it said of the part before stands.
    """
    for block in blocks:
        yield from pipeline.process(block)
    yield from pipeline.finish()


def summarise(path: Path, bundle: Bundle, block_n: int = BLOCK_N) -> Message:
    """The summary of one recording, by the bundle's own settings.

    Raises:
        AudioFileError: it cannot be read.
    """
    card = bundle.card
    pipeline = Pipeline(bundle, DEFAULT_HOP_S, card.silence, card.smoothing)
    summary = Summary(pipeline.rate)
    with AudioFile(path) as file:
        for step in steps(pipeline, file.blocks(block_n)):
            summary.add(step)
        return summary.message(str(path), file.read_n / file.rate)
