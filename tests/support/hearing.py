"""A recording, and a pipeline that hears it."""

from collections.abc import Callable, Iterable, Sequence

import pytest
import soundfile

from moodstream.arrays import Float32
from moodstream.audio.chunk import Block
from moodstream.audio.demo import RECORDING
from moodstream.bundle.bundle import Bundle
from moodstream.features.normalise import Normaliser
from moodstream.features.texture import Statistics
from moodstream.messages.published import Announcer, encode, recording_clock
from moodstream.pipeline import Pipeline, Step


@pytest.fixture(scope="session")
def recording() -> tuple[Float32, int]:
    """The bundled recording, mono [shape=(n,)], and its rate."""
    samples, rate = soundfile.read(RECORDING, dtype="float32")
    return samples.mean(axis=1), rate


@pytest.fixture
def make_pipeline(bundle: Bundle) -> Callable[..., Pipeline]:
    def make(hop_s: float | None = None, room: Normaliser | None = None) -> Pipeline:
        if hop_s is None:
            return Pipeline.of(bundle, room)
        return Pipeline(bundle, hop_s, bundle.card.silence, bundle.card.smoothing, room)

    return make


def hear(pipeline: Pipeline, samples: Float32, rate: int, sizes: list[int]) -> list[Step]:
    """All steps of samples cut into blocks of these sizes, over and over."""
    steps, start, turn = [], 0, 0
    while start < len(samples):
        end = start + sizes[turn % len(sizes)]
        steps += pipeline.process(Block(samples[start:end], rate))
        start, turn = end, turn + 1
    return [*steps, *pipeline.finish()]


def messages(pipeline: Pipeline, steps: Iterable[Step]) -> list[bytes]:
    """The bytes that a subscriber would get."""
    announcer = Announcer("test", "sha", pipeline.rate, recording_clock)
    return [encode(m) for step in steps for m in announcer.process(step.state) if m]


@pytest.fixture(scope="session")
def at_once() -> Callable[..., list[bytes]]:
    """Messages of samples in one block, kept by what they are of."""
    kept: dict[object, list[bytes]] = {}

    def at_once(key: object, pipeline: Pipeline, samples: Float32, rate: int) -> list[bytes]:
        if key not in kept:
            kept[key] = messages(pipeline, hear(pipeline, samples, rate, [len(samples)]))
        return kept[key]

    return at_once


def describe(frames: Float32, chroma: Float32, lags: Sequence[int]) -> Float32:
    """The statistics of all of these frames [shape=(width,)]."""
    step_frames = len(frames) // len(chroma)
    statistics = Statistics(len(chroma), step_frames, frames.shape[1], lags)
    statistics.push(frames, chroma)
    return statistics.view()
