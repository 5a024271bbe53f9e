"""``stages BUNDLE FILE RUNS``: the median CPU seconds of each stage of the pipeline, by name.

Each stage is given at once what the stage before it has made of the whole file.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks.measured.timing import timed
from moodstream import self_test
from moodstream.arrays import Float32
from moodstream.audio.file import AudioFile
from moodstream.audio.hops import Hops
from moodstream.audio.resampler import Resampler
from moodstream.features.chroma import Chroma
from moodstream.features.mfcc import Mfcc
from moodstream.features.normalise import Normaliser
from moodstream.features.silence import SilenceGate, level_dbfs
from moodstream.features.stationary import StationaryGate
from moodstream.features.texture import Texture
from moodstream.features.window import Window
from moodstream.messages.published import Announcer, Message, encode, recording_clock
from moodstream.mood.smoothing import Smoother
from moodstream.mood.state import MoodState
from moodstream.pipeline import Pipeline
from moodstream.replay.recording import DEFAULT_HOP_S, steps

Result = TypeVar("Result")

folder, path, runs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
loaded = self_test.load(folder)
card = loaded.card
rate = card.features.sample_rate
costs: dict[str, float] = {}


def stage(name: str, function: Callable[[], Result]) -> Result:
    """Time it, and return what it makes."""
    result, costs[name], _ = timed(function, runs)
    return result


def decode() -> list[Float32]:
    """The file in blocks, mixed to mono."""
    with AudioFile(path) as file:
        return [block.samples for block in file.blocks()]


def resample() -> list[Float32]:
    """To the rate of the features."""
    resampler = Resampler(rate)
    resampler.reset(file_rate)
    return [*map(resampler.process, blocks), resampler.finish()]


def cut() -> list[Float32]:
    """Into hops of the default length."""
    hops = Hops(round(DEFAULT_HOP_S * rate), 1)
    return [hop for block in resampled for hop in hops.process(block)]


def gate() -> list[bool]:
    """Is the hop silent?"""
    silence = SilenceGate(card.silence, rate)
    return [silence.process(level_dbfs(hop), len(hop)) for hop in hops]


def mfcc() -> list[Float32]:
    """The frames of each hop."""
    features = Mfcc(card.features)
    return [features.process(hop) for hop in hops]


def stand_still() -> list[bool]:
    """Is the sound stationary?"""
    stationary = StationaryGate(card.silence.stationary, cnn.window_frames)
    return [stationary.process(frames) for frames in cepstra]


def normalise() -> list[Float32]:
    """The frames as the models want them."""
    normaliser = Normaliser(card.normalisation)
    return [normaliser.process(frames, audible=True) for frames in cepstra]


def chroma() -> list[Float32]:
    """The chroma frames of each hop."""
    features = Chroma(card.chroma, rate)
    return [features.process(hop) for hop in hops]


def describe() -> list[Float32]:
    """The texture of the last seconds at each hop."""
    texture = Texture(card.texture, card.features, card.chroma)
    views = []
    for frames, harmony in zip(normalised, harmonies, strict=True):
        texture.push(frames, harmony)
        views.append(texture.view())
    return views


def classify_windows() -> list[Float32]:
    """The last three seconds at each hop."""
    window = Window(cnn.window_frames, cnn.n_mfcc)
    scores = []
    for frames, texture in zip(normalised, textures, strict=True):
        window.push(frames)
        scores.append(cnn.process(window.view(), texture))
    return scores


def follow() -> list[Float32]:
    """Frame by frame."""
    rnn.reset()
    return [rnn.process(frames) for frames in normalised]


def smooth() -> None:
    """The evidence over time; what the CNN says stands in for both models together."""
    smoother = Smoother(card.smoothing, rate)
    for by_cnn, by_rnn in zip(cnn_scores, rnn_scores, strict=True):
        smoother.process(np.stack((by_cnn, by_cnn, by_rnn)), round(DEFAULT_HOP_S * rate))


def whole() -> list[MoodState]:
    """The pipeline."""
    pipeline = Pipeline(loaded, DEFAULT_HOP_S, card.silence, card.smoothing)
    with AudioFile(path) as file:
        return [step.state for step in steps(pipeline, file.blocks())]


def tell() -> None:
    """The states as JSON."""
    announcer = Announcer("benchmark", loaded.sha256, rate, recording_clock)
    for state in states:
        messages: list[Message | None] = [*announcer.process(state)]
        for message in filter(None, messages):
            encode(message)


with AudioFile(path) as opened:
    file_rate = opened.rate
cnn, rnn = loaded.classifiers()
blocks = stage("decode and mix", decode)
resampled = stage("resample", resample)
hops = stage("hops", cut)
stage("level and silence", gate)
cepstra = stage("MFCC", mfcc)
stage("stationary", stand_still)
normalised = stage("normalise", normalise)
harmonies = stage("chroma", chroma)
textures = stage("texture", describe)
cnn_scores = stage("window and CNN", classify_windows)
rnn_scores = stage("RNN", follow)
stage("smoothing", smooth)
states = stage("whole", whole)
stage("message", tell)
print(json.dumps(costs))
