"""Records hold the evidence of the runtime hop by hop."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodstream.arrays import Float32
from moodstream.audio.demo import RECORDING
from moodstream.bundle import disk
from moodstream.bundle.bundle import Bundle
from moodstream.mood.circumplex import MOODS, QUADRANT_OF, QUADRANTS
from moodstream_train.corpora import Clip
from moodstream_train.measure import playback, streams
from moodstream_train.measure.smoothing import record, said
from tests.train.measuring import clip


@pytest.fixture
def clips(tmp_path: Path) -> list[Clip]:
    voices = [clip(tmp_path, f"{mood} {i}", mood, 1 + 0.3 * i) for mood in MOODS for i in range(2)]
    return voices + [clip(tmp_path, f"{q} {i}", q, 3 + i) for q in QUADRANTS for i in range(2)]


def spoken(bundle: Bundle) -> Float32:
    """The bundled recording with silence in its midst, at 16 kHz."""
    samples, rate = soundfile.read(RECORDING, dtype="float32", frames=600_000)
    mixed = samples.mean(axis=1)[:: rate // streams.RATE]
    return np.concatenate((mixed[:100_000], np.zeros(80_000, "f"), mixed[100_000:]))


def test_smoothing_what_was_recorded_says_what_the_runtime_said(bundle: Bundle) -> None:
    steps = list(playback.steps(spoken(bundle), streams.RATE, bundle))
    kept = record.gather("demo", iter(steps), streams.RATE, (0,), ("Q1",))
    assert {step.state.status for step in steps} >= {"ok", "silence", "warming_up"}
    spec = bundle.card.smoothing
    moods = [step.state.mood for step in steps]
    assert said.by_runtime(kept, spec) == [m and QUADRANT_OF[m] for m in moods]


def test_streams_are_recorded_hop_by_hop(clips: list[Clip]) -> None:
    stream = streams.make(clips, "voice", 1, length_s=12, segment_s=(4, 8))
    (kept,) = record.record(disk.shipped(), [stream])
    assert kept.evidence.shape == (24, 3, 8)
    assert kept.ends_n.tolist() == list(range(8000, 12 * 16000 + 1, 8000))
    assert kept.starts_n == stream.starts_n
    assert kept.quadrants == tuple(segment.quadrant for segment in stream.segments)


def test_noises_are_as_loud_as_they_are_called() -> None:
    names = []
    for name, samples in record.noises(2.0):
        names.append(name)
        if name != "silence":
            level = 10 * np.log10(np.mean(samples**2))
            assert level == pytest.approx(float(name.split()[-2]), abs=0.3)
    assert len(names) == 17
    assert not dict(record.noises(0.1))["silence"].any()
