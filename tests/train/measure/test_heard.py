"""Row H: streams whose stretches are known, and how much of them is told rightly."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodstream.bundle import disk
from moodstream_train.corpora import Clip
from moodstream_train.errors import TrainingError
from moodstream_train.measure import heard
from moodstream_train.measure.heard import Stretch
from moodstream_train.measure.streams import RATE

VALUES = {"voice": 0.1, "music": 0.01, "other": 0.001}


def noise(seconds: float, level: float) -> np.ndarray:
    """Signs by chance, so that the level of each sample is the same."""
    signs = np.random.default_rng(0).choice([-1.0, 1.0], round(seconds * RATE))
    return signs * level


@pytest.fixture
def clips(tmp_path: Path) -> list[Clip]:
    """Clips of each kind, told apart by their level; and some that count for none."""
    made = []
    for kind, value in VALUES.items():
        for i in range(3):
            path = tmp_path / f"{kind}-{i}.wav"
            soundfile.write(path, noise(2 + i, value), RATE, subtype="FLOAT")
            voice, music = float(kind == "voice"), float(kind == "music")
            made.append(Clip(path, "sounds", f"{i}", (), kind, voice=voice, music=music))
    loud = tmp_path / "unknown.wav"
    soundfile.write(loud, noise(1, 0.9), RATE, subtype="FLOAT")
    made.append(Clip(loud, "music", "x", (), "Q1", music=1.0))
    made.append(Clip(loud, "noise", "x", (), "none", voice=0.0, music=0.0))
    return made


def kind_of(stretch: Stretch) -> str:
    if stretch.voice:
        return "both" if stretch.music else "voice"
    return "music" if stretch.music else "other"


def test_stretches_are_of_clips_of_their_kind_and_two_in_a_row_differ(clips: list[Clip]) -> None:
    stream = heard.make(clips, 1, mixed=False, length_s=300)
    kinds = [kind_of(stretch) for stretch in stream]
    assert {*kinds} == {*VALUES}
    assert all(a != b for a, b in pairwise(kinds))
    for kind, stretch in zip(kinds, stream, strict=True):
        np.testing.assert_allclose(np.abs(stretch.samples), VALUES[kind], rtol=1e-3)
        seconds = len(stretch.samples) / RATE
        assert heard.SEGMENT_S[0] <= seconds <= heard.SEGMENT_S[1]
    length_s = sum(len(stretch.samples) for stretch in stream) / RATE
    assert 300 <= length_s <= 300 + heard.SEGMENT_S[1]


def test_voices_have_music_or_other_sounds_behind_them(clips: list[Clip]) -> None:
    stream = heard.make(clips, 1, mixed=True, length_s=600)
    assert {kind_of(stretch) for stretch in stream} == {*heard.KINDS}
    low_db, high_db = heard.MIXED_DB
    for stretch in stream:
        if stretch.voice:  # independent, so powers add up
            power = np.mean(stretch.samples.astype(np.float64) ** 2) / VALUES["voice"] ** 2
            assert 1 + 10 ** (-high_db / 10) - 0.03 <= power <= 1 + 10 ** (-low_db / 10) + 0.03


def test_the_seed_decides_everything(clips: list[Clip]) -> None:
    def made(seed: int) -> list[tuple[str, int]]:
        stream = heard.make(clips, seed, mixed=True, length_s=120)
        return [(kind_of(stretch), len(stretch.samples)) for stretch in stream]

    assert made(1) == made(1)
    assert made(1) != made(2)


def test_a_kind_that_is_missing_is_an_error(clips: list[Clip]) -> None:
    for kind in VALUES:
        with pytest.raises(TrainingError, match="of voices, of music and of other sounds"):
            heard.make([c for c in clips if c.label != kind], 1, mixed=False)


def silence(seconds: Sequence[float], voices: Sequence[bool]) -> list[Stretch]:
    return [
        Stretch(np.zeros(round(s * RATE), np.float32), voice=voice, music=False)
        for s, voice in zip(seconds, voices, strict=True)
    ]


def test_in_silence_neither_voice_nor_music_is_told() -> None:
    right = heard.score(disk.shipped(), silence((10, 10), (False, False)))
    assert (right.right, right.voice, right.music) == (1, 1, 1)
    assert right.by_kind == {"other": 1}
    # Ten seconds of a voice that nobody can hear.
    half = heard.score(disk.shipped(), silence((10, 10, 10), (False, True, False)))
    assert (half.by_kind["other"], half.by_kind["voice"]) == (1, 0)
    assert half.music == 1
    assert half.right == half.voice == pytest.approx(2 / 3, abs=0.02)


def test_a_change_that_is_never_told_counts_with_its_whole_stretch() -> None:
    found = heard.score(disk.shipped(), silence((5, 10), (False, True)))
    assert found.delay_s == 10
    at_once = heard.score(disk.shipped(), silence((5, 10), (True, False)))
    assert at_once.delay_s == pytest.approx(0.5, abs=0.26)
