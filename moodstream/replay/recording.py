"""One recording through the pipeline, as fast as possible."""

from collections.abc import Iterator
from pathlib import Path

from moodstream.audio.chunk import Block
from moodstream.audio.file import BLOCK_N, AudioFile, DamagedFileError
from moodstream.bundle.bundle import Bundle
from moodstream.features.hop import DEFAULT_HOP_S
from moodstream.features.normalise import Normaliser
from moodstream.messages.published import Message
from moodstream.pipeline import Pipeline, Step
from moodstream.replay.settings import fingerprint
from moodstream.replay.summary import Summary


def steps(pipeline: Pipeline, blocks: Iterator[Block]) -> Iterator[Step]:
    """Yield every step of a recording.

    Raises:
        DamagedFileError: some of the recording is missing; the steps of the rest were yielded.
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
    """Return the summary of one recording, with the bundle's own settings.

    Args:
        path: of the recording.
        bundle: models, features and settings.
        room: statistics learnt from the recordings before it; None starts from the prior.
        block_n: samples that are read at once.

    Raises:
        AudioFileError: it cannot be read.
    """
    card, adapt = bundle.card, room is not None
    settings = fingerprint(bundle.sha256, DEFAULT_HOP_S, card.silence, card.smoothing, adapt=adapt)
    pipeline = Pipeline.of(bundle, room)
    summary = Summary(pipeline.rate)
    with AudioFile(path) as file:
        for step in steps(pipeline, file.blocks(block_n)):
            summary.add(step)
        return summary.message(str(path), file.read_s, settings)
