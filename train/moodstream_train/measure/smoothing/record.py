"""Records of a bundle's evidence on streams, hop by hop, for trying the smoothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moodstream import self_test
from moodstream.arrays import Float32, Numbers
from moodstream.mood.circumplex import MOODS
from moodstream.pipeline import Step
from moodstream_train.measure import playback, streams
from moodstream_train.measure.robustness.conditions import coloured_noise
from moodstream_train.measure.streams import Stream
from moodstream_train.measure.verdict import MODELS

NOISE_S = 60.0
NOISE_DBFS = (-55.0, -45.0, -35.0, -25.0)
HUM_HZ = 50.0
HEARD = ("ok", "uncertain")


@dataclass(frozen=True)
class Record:
    """Evidence of one stream before any smoothing."""

    name: str
    rate: int
    """Sample rate of all positions, hertz."""
    ends_n: Numbers
    """Position of the end of each hop [shape=(hops,)]."""
    heard: Numbers
    """Hops that the smoothing takes [shape=(hops,), bool]."""
    silent: Numbers
    """Hops that reset the smoothing [shape=(hops,), bool]."""
    evidence: Float32
    """Log probabilities [shape=(hops, models, moods)], or zeros."""
    starts_n: tuple[int, ...]
    """Position of the start of each segment."""
    quadrants: tuple[str | None, ...]
    """True quadrant of each segment; None for a segment without a mood."""


def record(folder: Path, made: Sequence[Stream]) -> list[Record]:
    """Play streams to a bundle, each beginning with the bundle's own normalisation.

    Raises:
        TrainingError: a clip cannot be read.
    """
    return playback.spread(_record_one, [(folder, stream) for stream in made])


def record_noises(folder: Path, seconds: float = NOISE_S, seed: int = 0) -> list[Record]:
    """Play sounds without a mood to a bundle: noises, hum and silence at several levels."""
    bundle = self_test.load(folder)
    return [
        gather(name, playback.steps(samples, streams.RATE, bundle), streams.RATE, (0,), (None,))
        for name, samples in noises(seconds, seed)
    ]


def noises(seconds: float, seed: int = 0) -> Iterator[tuple[str, Float32]]:
    """Yield the names and samples [shape=(n,)] of noises, at the rate of streams."""
    length_n = round(seconds * streams.RATE)
    yield "silence", np.zeros(length_n, np.float32)
    times_s = np.arange(length_n) / streams.RATE
    hum = sum(np.sin(2 * np.pi * HUM_HZ * k * times_s) / k for k in range(1, 12))
    rng = np.random.default_rng(seed)
    kinds = {
        "white noise": coloured_noise(length_n, 0.0, rng),
        "pink noise": coloured_noise(length_n, 0.5, rng),
        "brown noise": coloured_noise(length_n, 1.0, rng),
        "hum": np.asarray(hum / np.std(hum), np.float32),
    }
    for name, noise in kinds.items():
        for dbfs in NOISE_DBFS:
            yield f"{name} {dbfs:g} dBFS", np.clip(noise * np.float32(10 ** (dbfs / 20)), -1, 1)


def gather(
    name: str,
    said: Iterator[Step],
    rate: int,
    starts_n: tuple[int, ...],
    quadrants: tuple[str | None, ...],
) -> Record:
    """Collect the steps of a pipeline in a record."""
    steps = list(said)
    nothing = np.zeros((len(MODELS), len(MOODS)), np.float32)
    return Record(
        name=name,
        rate=rate,
        ends_n=np.array([step.state.position_n for step in steps]),
        heard=np.array([s.evidence is not None and s.state.status in HEARD for s in steps]),
        silent=np.array([step.evidence is None for step in steps]),
        evidence=np.stack([nothing if s.evidence is None else s.evidence for s in steps]),
        starts_n=starts_n,
        quadrants=quadrants,
    )


def _record_one(folder: Path, stream: Stream) -> Record:
    steps = playback.steps(streams.audio(stream), streams.RATE, self_test.load(folder))
    quadrants = tuple(segment.quadrant for segment in stream.segments)
    return gather(stream.name, steps, streams.RATE, stream.starts_n, quadrants)
