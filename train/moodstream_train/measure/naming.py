"""Row N: how much of the time a mood is named, where there is one and where there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moodstream import self_test
from moodstream.arrays import Float32
from moodstream_train.corpora.clip import Clip
from moodstream_train.measure import playback
from moodstream_train.measure.streams import RATE, samples_of

LONGEST_S = 600.0
"""Seconds of a stream at most: more tells no more of a kind of sound."""


@dataclass(frozen=True)
class Naming:
    """Moods that are named in a stream of one kind of sound."""

    kind: str
    seconds: float
    """Length of the stream."""
    named: float
    """Share of the time with a named mood."""
    moods: dict[str, float]
    """Share of the time with each mood that is named."""
    statuses: dict[str, float]
    """Share of the time with each status."""


def naming(folder: Path, kinds: Mapping[str, Sequence[Clip]], seed: int = 0) -> list[Naming]:
    """Hear one stream for each kind of sound: its clips, joined in a random order.

    Args:
        folder: holds the bundle.
        kinds: the clips of each kind; all held out.
        seed: of the order.

    Raises:
        TrainingError: a clip cannot be read.
    """
    jobs = [(folder, kind, tuple(clips), seed) for kind, clips in kinds.items()]
    return playback.spread(_one, jobs)


def joined(clips: Sequence[Clip], seed: int, longest_s: float = LONGEST_S) -> Float32:
    """Return clips in a random order, one after the other [shape=(n,)] at :data:`RATE`."""
    parts, length_n = [], 0
    for i in np.random.default_rng([seed, len(clips)]).permutation(len(clips)):
        parts.append(samples_of(clips[int(i)]))
        length_n += len(parts[-1])
        if length_n >= longest_s * RATE:
            break
    return np.concatenate(parts)[: round(longest_s * RATE)]


def _one(folder: Path, kind: str, clips: Sequence[Clip], seed: int) -> Naming:
    samples = joined(clips, seed)
    moods: dict[str, int] = {}
    statuses: dict[str, int] = {}
    before_n = 0
    for step in playback.steps(samples, RATE, self_test.load(folder)):
        state = step.state
        length_n, before_n = state.position_n - before_n, state.position_n
        statuses[state.status] = statuses.get(state.status, 0) + length_n
        if state.mood:
            moods[state.mood] = moods.get(state.mood, 0) + length_n
    total_n = max(1, before_n)
    return Naming(
        kind,
        round(len(samples) / RATE, 1),
        round(sum(moods.values()) / total_n, 4),
        {mood: round(n / total_n, 4) for mood, n in moods.items()},
        {status: round(n / total_n, 4) for status, n in statuses.items()},
    )
