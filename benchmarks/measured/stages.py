"""``stages BUNDLE FILE RUNS``: the median CPU seconds of each stage of the pipeline, by name.

Each stage processes the whole file at once: all that the stage before it has made.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import numpy as np

from moodstream import self_test
from moodstream.arrays import Float32
from moodstream.audio.file import AudioFile
from moodstream.bundle.output import Output
from moodstream.features.hop import DEFAULT_HOP_S
from moodstream.features.silence import level_dbfs
from moodstream.messages.published import Announcer, encode, recording_clock
from moodstream.mood.state import MoodState
from moodstream.pipeline import Pipeline
from moodstream.replay.recording import steps
from moodstream.stopwatch import Stopwatch

Result = TypeVar("Result")
Parts = dict[str, Any]
"""The parts of a new pipeline, see :meth:`Pipeline.parts`."""

folder, path, runs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
loaded = self_test.load(folder)
rate = loaded.card.features.sample_rate
hop_n = round(DEFAULT_HOP_S * rate)
stopwatch = Stopwatch()


def stage(name: str, function: Callable[[Parts], Result]) -> Result:
    """Run a stage on new parts, again and again; return its last result."""
    for _ in range(runs):
        parts = Pipeline.of(loaded).parts()
        result = stopwatch.call(name, function, parts)
    return result


def decode(_: Parts) -> list[Float32]:
    """Decode the file in blocks, mixed to mono."""
    with AudioFile(path) as file:
        return [block.samples for block in file.blocks()]


def resample(parts: Parts) -> list[Float32]:
    """Resample the blocks to the rate of the features."""
    resampler = parts["resampler"]
    resampler.reset(file_rate)
    return [*map(resampler.process, blocks), resampler.finish()]


def cut(parts: Parts) -> list[Float32]:
    """Cut the samples into hops."""
    return [hop for block in resampled for hop in parts["hops"].process(block)]


def judge_level(parts: Parts) -> list[bool]:
    """Judge whether each hop is silent."""
    return [parts["silence"].process(level_dbfs(hop), len(hop)) for hop in hops]


def each(name: str, inputs: list[Float32]) -> Callable[[Parts], list[Any]]:
    """Return a stage that gives all inputs to one part."""
    return lambda parts: [*map(parts[name].process, inputs)]


def normalise(parts: Parts) -> list[Float32]:
    """Normalise the frames of each hop."""
    return [parts["normaliser"].process(frames, audible=True) for frames in cepstra]


def describe(parts: Parts) -> list[Float32]:
    """Describe the texture at the end of each hop."""

    def views() -> Iterator[Float32]:
        for frames, harmony in zip(normalised, harmonies, strict=True):
            parts["texture"].push(frames, harmony)
            yield parts["texture"].view()

    return [*views()]


def classify_windows(parts: Parts) -> list[Output]:
    """Classify the window at the end of each hop."""

    def scores() -> Iterator[Output]:
        for frames, texture in zip(normalised, textures, strict=True):
            parts["window"].push(frames)
            yield parts["cnn"].process(parts["window"], texture)

    return [*scores()]


def smooth(parts: Parts) -> None:
    """Smooth the evidence; that of the CNN stands in for both models together."""
    for by_cnn, by_rnn in zip(cnn_scores, rnn_scores, strict=True):
        evidence = np.stack((by_cnn.moods, by_cnn.moods, by_rnn.moods))
        parts["hearing"].process(by_cnn.heard, hop_n)
        parts["smoother"].process(evidence, by_cnn.place, hop_n)


def whole(_: Parts) -> list[MoodState]:
    """Run the whole pipeline."""
    with AudioFile(path) as file:
        return [step.state for step in steps(Pipeline.of(loaded), file.blocks())]


def write_messages(_: Parts) -> None:
    """Encode the states and events as JSON."""
    announcer = Announcer("benchmark", loaded.sha256, rate, recording_clock)
    for state in states:
        for message in announcer.process(state):
            if message:
                encode(message)


with AudioFile(path) as opened:
    file_rate = opened.rate
blocks = stage("decode and mix", decode)
resampled = stage("resample", resample)
hops = stage("hops", cut)
stage("level and silence", judge_level)
cepstra = stage("MFCC", each("mfcc", hops))
stage("stationary", each("stationary", cepstra))
normalised = stage("normalise", normalise)
harmonies = stage("chroma", each("chroma", hops))
textures = stage("texture", describe)
cnn_scores = stage("window and CNN", classify_windows)
rnn_scores = stage("RNN", each("rnn", normalised))
stage("smoothing", smooth)
states = stage("whole", whole)
stage("message", write_messages)
print(json.dumps({name: median(stopwatch.laps_s(name)) for name in stopwatch.laps_ns}))
