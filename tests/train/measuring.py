"""Clips, verdicts and records by hand, for the tests of what is measured."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
import soundfile
import soxr

from moodstream.arrays import Float32
from moodstream.audio.demo import RECORDING
from moodstream.mood.circumplex import MOODS, QUADRANTS
from moodstream_train.corpora import Clip
from moodstream_train.measure.smoothing.record import Record
from moodstream_train.measure.verdict import Verdict
from tests.train.conftest import RATE

MOOD_OF = {"Q1": "happy", "Q2": "angry", "Q3": "sad", "Q4": "calm"}


@cache
def _music() -> Float32:
    """The bundled recording, mono [shape=(n,)]."""
    samples, rate = soundfile.read(RECORDING, dtype="float32")
    return np.asarray(soxr.resample(samples.mean(axis=1), rate, RATE), np.float32)


def clip(
    folder: Path, name: str, label: str, seconds: float = 1.0, group: str = "actor 01"
) -> Clip:
    """A part of the bundled recording, as a file; the name says which."""
    number = (MOODS + QUADRANTS).index(label)
    path = folder / f"{name}.wav"
    begin = (20 + crc32(name.encode()) % 100) * RATE
    soundfile.write(path, _music()[begin : begin + round(seconds * RATE)], RATE)
    moods = (number,) if label in MOODS else ()
    return Clip(path, "speech" if label in MOODS else "music", group, moods, label)


def verdict(
    label: str,
    named: str | None,
    confidence: float = 0.93,
    corpus: str | None = None,
    group: str = "actor 01",
    sex: str | None = None,
    name: str = "x",
) -> Verdict:
    """All three models name one mood, the other seven share what is left."""
    scores = None
    if named is not None:
        own = [(1 - confidence) / 7] * len(MOODS)
        own[MOODS.index(named)] = confidence
        scores = [own] * 3
    kind = corpus or ("speech" if label in MOODS else "music")
    return Verdict(name, kind, group, sex, label, scores)


def record(
    named: Sequence[str | None],
    true: Sequence[tuple[float, str | None]],
    hop_s: float = 0.5,
    probability: float = 0.99,
) -> Record:
    """Evidence for the mood of a quadrant hop by hop, None for silence.

    Args:
        named: a quadrant a hop.
        true: (second at which it begins, quadrant).
        hop_s: seconds.
        probability: of the mood.
    """
    evidence = np.full((len(named), 3, len(MOODS)), (1 - probability) / 7, np.float32)
    for i, own in enumerate(named):
        if own is not None:
            evidence[i, :, MOODS.index(MOOD_OF[own])] = probability
    heard = np.array([own is not None for own in named])
    return Record(
        name="by hand",
        rate=RATE,
        ends_n=np.arange(1, len(named) + 1) * round(hop_s * RATE),
        heard=heard,
        silent=~heard,
        evidence=np.log(evidence),
        starts_n=tuple(round(begin_s * RATE) for begin_s, _ in true),
        quadrants=tuple(own for _, own in true),
    )
