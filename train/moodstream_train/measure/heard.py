"""Row H: whether voice and music are told from other sounds, hop by hop."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moodstream import self_test
from moodstream.arrays import Float32
from moodstream_train.corpora.clip import Clip
from moodstream_train.errors import TrainingError
from moodstream_train.measure import playback
from moodstream_train.measure.streams import RATE, samples_of
from moodstream_train.waveform.background import behind

KINDS = ("voice", "music", "other", "both")
LENGTH_S = 600.0
SEGMENT_S = (8.0, 24.0)
MIXED_DB = (0.0, 20.0)
"""Range of the ratio between a voice and the music or sound behind it, decibels."""
SETTLE_S = 2.0
"""Hops this soon after a change count only for the delay."""


@dataclass(frozen=True)
class Stretch:
    """A part of a stream in which the same is heard."""

    samples: Float32
    """[shape=(n,)] at :data:`RATE`."""
    voice: bool
    music: bool


@dataclass(frozen=True)
class HeardScore:
    """Score of a stream: shares of the hops in which voice and music are told rightly."""

    right: float
    """Share of the hops in which voice and music are both told rightly, changes left out."""
    voice: float
    """Share in which the voice is."""
    music: float
    """Share in which the music is."""
    delay_s: float
    """Median time after a change until both are right for the first time, seconds.

    A change that is never told counts with the length of its stretch.
    """
    by_kind: dict[str, float]
    """Share that is right for each kind of stretch."""


def make(
    clips: Sequence[Clip], seed: int, *, mixed: bool, length_s: float = LENGTH_S
) -> list[Stretch]:
    """Make a stream of stretches of one kind each; two in a row differ.

    Args:
        clips: all of one side of a split. Clips of which it is not known count for neither.
        seed: of everything drawn.
        mixed: whether voices have music or other sounds behind them.
        length_s: length of the stream, seconds.

    Raises:
        TrainingError: a kind of clips is missing.
    """
    rng = np.random.default_rng([seed, int(mixed)])
    decks = decks_of(clips)
    if not all(decks):
        raise TrainingError("row H needs clips of voices, of music and of other sounds")
    made: list[Stretch] = []
    before, length_n = "", 0
    while length_n < length_s * RATE:
        kinds = [kind for kind in (KINDS if mixed else KINDS[:3]) if kind != before]
        before = kinds[int(rng.integers(len(kinds)))]
        n = round(float(rng.uniform(*SEGMENT_S)) * RATE)
        made.append(_stretch(before, n, decks, rng, mixed=mixed))
        length_n += n
    return made


def decks_of(clips: Sequence[Clip]) -> tuple[list[Clip], list[Clip], list[Clip]]:
    """Return the clips of which it is known that there is a voice, music or neither alone."""
    return (
        [c for c in clips if c.voice == 1.0 and c.music == 0.0],
        [c for c in clips if c.music == 1.0 and c.voice == 0.0],
        [c for c in clips if c.voice == 0.0 and c.music == 0.0 and c.corpus != "noise"],
    )


def score(folder: Path, stream: Sequence[Stretch]) -> HeardScore:
    """Hear a stream, and compare what is published with what is there."""
    bundle = self_test.load(folder)
    samples = np.concatenate([stretch.samples for stretch in stream])
    ends = np.cumsum([len(stretch.samples) for stretch in stream])
    rights: dict[str, list[tuple[bool, bool]]] = {}
    delays: dict[int, float] = {}
    for step in playback.steps(samples, RATE, bundle):
        position_n = step.state.position_n
        k = min(int(np.searchsorted(ends, position_n)), len(stream) - 1)
        since_s = (position_n - (ends[k - 1] if k else 0)) / RATE
        heard = step.state.heard
        said = (heard.voice >= 0.5, heard.music >= 0.5) if heard else (False, False)
        right = (said[0] == stream[k].voice, said[1] == stream[k].music)
        if all(right):
            delays.setdefault(k, since_s)
        if since_s > SETTLE_S:
            rights.setdefault(_kind(stream[k]), []).append(right)
    waits = [delays.get(k, len(stream[k].samples) / RATE) for k in range(1, len(stream))]
    every = np.array([right for each in rights.values() for right in each])
    return HeardScore(
        right=round(float(every.all(axis=1).mean()), 4),
        voice=round(float(every[:, 0].mean()), 4),
        music=round(float(every[:, 1].mean()), 4),
        delay_s=round(float(np.median(waits)), 2),
        by_kind={
            kind: round(float(np.array(each).all(axis=1).mean()), 4)
            for kind, each in sorted(rights.items())
        },
    )


def _kind(stretch: Stretch) -> str:
    if stretch.voice:
        return "both" if stretch.music else "voice"
    return "music" if stretch.music else "other"


def _stretch(
    kind: str,
    length_n: int,
    decks: tuple[Sequence[Clip], Sequence[Clip], Sequence[Clip]],
    rng: np.random.Generator,
    *,
    mixed: bool,
) -> Stretch:
    voices, music, other = decks
    if kind == "music":
        return Stretch(_joined(music, length_n, rng), voice=False, music=True)
    if kind == "other":
        return Stretch(_joined(other, length_n, rng), voice=False, music=False)
    samples = _joined(voices, length_n, rng)
    if not mixed:
        return Stretch(samples, voice=True, music=False)
    below_db = float(rng.uniform(*MIXED_DB))
    background = _joined(music if kind == "both" else other, length_n, rng)
    return Stretch(behind(samples, background, below_db, rng), voice=True, music=kind == "both")


def _joined(deck: Sequence[Clip], length_n: int, rng: np.random.Generator) -> Float32:
    parts: list[Float32] = []
    missing = length_n
    while missing > 0:
        parts.append(samples_of(deck[int(rng.integers(len(deck)))])[:missing])
        missing -= len(parts[-1])
    return np.concatenate(parts)
