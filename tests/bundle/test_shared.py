"""A bundle whose models are loaded once."""

import threading

import pytest

from moodstream.audio.chunk import Block, Gap
from moodstream.bundle.shared import SharedBundle
from moodstream.pipeline import Pipeline

BLOCK_N = 8000


@pytest.fixture
def chunks(recording):
    """Three streams that differ, each with a gap."""
    samples, rate = recording
    mono = samples.mean(axis=1) if samples.ndim > 1 else samples
    found = []
    for begin_s in (20, 70, 120):
        part = mono[begin_s * rate : (begin_s + 12) * rate].astype("float32")
        blocks = [Block(part[at : at + BLOCK_N], rate) for at in range(0, len(part), BLOCK_N)]
        found.append([*blocks[: 10 + begin_s % 7], Gap(100, rate), *blocks])
    return found


def alone(bundle, stream):
    pipeline = Pipeline.of(bundle)
    return [step.state for chunk in stream for step in pipeline.process(chunk)]


def test_pipelines_share_no_state(bundle, chunks):
    shared = SharedBundle.of(bundle)
    pipelines = [Pipeline.of(shared) for _ in chunks]
    heard = [[] for _ in chunks]
    for turn in zip(*chunks, strict=False):
        for pipeline, states, chunk in zip(pipelines, heard, turn, strict=True):
            states += [step.state for step in pipeline.process(chunk)]
    for stream, states in zip(chunks, heard, strict=True):
        assert states
        assert states == alone(bundle, stream)[: len(states)]


def test_threads_may_share_the_models(bundle, chunks):
    shared = SharedBundle.of(bundle)
    heard = {}

    def listen(number):
        heard[number] = alone(shared, chunks[number])

    threads = [threading.Thread(target=listen, args=[number]) for number in range(len(chunks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for number, stream in enumerate(chunks):
        assert heard[number] == alone(bundle, stream)


def test_the_models_are_loaded_once(bundle):
    shared = SharedBundle.of(bundle)
    (one, first), (two, second) = shared.classifiers(), shared.classifiers()
    assert one is not two
    assert one._model is two._model
    assert first is not second
    assert first._single is second._single
    assert shared.sha256 == bundle.sha256
