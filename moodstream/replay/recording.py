"""Recordings through the pipeline, as fast as it goes."""

from collections.abc import Iterator
from pathlib import Path

from moodstream.arrays import Float32
from moodstream.audio.chunk import Block
from moodstream.audio.file import BLOCK_N, AudioFile, DamagedFileError
from moodstream.bundle.bundle import Bundle
from moodstream.features.normalise import Normaliser
from moodstream.messages.published import Message
from moodstream.pipeline import Pipeline, Step
from moodstream.replay.summary import Summary


def steps(pipeline: Pipeline, blocks: Iterator[Block]) -> Iterator[Step]:
    """Everything the pipeline has to say of a recording.

    Raises:
        DamagedFileError: some of the recording is missing; all else has been heard.
    """
    try:
        for block in blocks:
            yield from pipeline.process(block)
    except DamagedFileError:
        yield from pipeline.finish()
        raise
    yield from pipeline.finish()


def summarise(
    path: Path, bundle: Bundle, room: Normaliser | None = None, block_n: int = BLOCK_N
) -> Message:
    """The summary of one recording, by the bundle's own settings.

    Args:
        path: of the recording.
        bundle: hears it.
        room: what the recordings before it have taught; None begins with the bundle's prior.
        block_n: samples that are read at once.

    Raises:
        AudioFileError: it cannot be read.
    """
    with AudioFile(path) as file:
        summary = _summary(file.blocks(block_n), bundle, room)
        return summary.message(str(path), file.read_s)


def summarise_samples(
    samples: Float32, rate: int, bundle: Bundle, room: Normaliser | None = None, name: str = ""
) -> Message:
    """The same of a recording in memory.

    Args:
        samples: mono [shape=(n,), float32]
        rate: hertz.
        bundle: hears it.
        room: what the recordings before it have taught; None begins with the bundle's prior.
        name: what the summary calls the file.
    """
    summary = _summary(iter([Block(samples, rate)]), bundle, room)
    return summary.message(name, len(samples) / rate)


def _summary(blocks: Iterator[Block], bundle: Bundle, room: Normaliser | None) -> Summary:
    pipeline = Pipeline.of(bundle, room)
    summary = Summary(pipeline.rate)
    for step in steps(pipeline, blocks):
        summary.add(step)
    return summary
