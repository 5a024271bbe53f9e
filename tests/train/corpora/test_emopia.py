"""EMOPIA: MIDI becomes audio, once."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodstream.mood.circumplex import MOODS
from moodstream_train import corpora
from moodstream_train.corpora.music import render
from tests.support.program import program

KEY = 69
"""The a of 440 Hz."""


def midi(key: int | None, velocity: int = 90) -> bytes:
    """A file with a note of half a second, or with none."""
    note = b""
    if key is not None:
        note = bytes([0, 0x90, key, velocity, 0x30, 0x80, key, 0])
    track = note + b"\x00\xff\x2f\x00"
    head = b"MThd" + (6).to_bytes(4) + b"\x00\x00\x00\x01\x00\x30"
    return head + b"MTrk" + len(track).to_bytes(4) + track


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    program("fluidsynth")
    place = tmp_path / "emopia"
    (place / "midis").mkdir(parents=True)
    (place / "midis" / "Q1_a_b-c_0.mid").write_bytes(midi(KEY))
    (place / "midis" / "Q3_a_b-c_1.mid").write_bytes(midi(KEY, velocity=20))
    (place / "midis" / "Q4_xyz_0.mid").write_bytes(midi(KEY))
    (place / "label.csv").write_text(
        "ID,4Q,annotator\nQ1_a_b-c_0,1,A\nQ3_a_b-c_1,3,A\nQ4_xyz_0,4,B\nQ4_gone_0,4,B\n"
    )
    return tmp_path


def load(folder: Path) -> tuple[dict[str, corpora.Clip], list[str]]:
    clips, warnings = corpora.load(folder, ["emopia"], rendered=folder / "rendered")
    return {clip.name: clip for clip in clips}, warnings


def test_a_clip_carries_its_quadrant_and_its_song(folder: Path) -> None:
    clips, warnings = load(folder)
    assert {name: (clip.label, clip.group) for name, clip in clips.items()} == {
        "Q1_a_b-c_0": ("Q1", "emopia a_b-c"),
        "Q3_a_b-c_1": ("Q3", "emopia a_b-c"),
        "Q4_xyz_0": ("Q4", "emopia xyz"),
    }
    assert {MOODS[mood] for mood in clips["Q4_xyz_0"].moods} == {"neutral", "calm"}
    assert {(c.corpus, c.voice, c.music) for c in clips.values()} == {("emopia", 0.0, 1.0)}
    assert any("holds 3 clips, the whole corpus has 1078" in warning for warning in warnings)


def test_the_notes_are_heard_at_one_level(folder: Path) -> None:
    for clip in load(folder)[0].values():
        assert clip.path == folder / "rendered" / f"{clip.name}.flac"
        info = soundfile.info(clip.path)
        assert (info.format, info.samplerate, info.channels) == ("FLAC", 16000, 1)
        samples = corpora.read(clip, 16000)
        assert np.abs(samples).max() == pytest.approx(10 ** (-1 / 20), abs=1e-3)
        spectrum = np.abs(np.fft.rfft(samples[:8000] * np.hanning(8000)))
        assert abs(np.argmax(spectrum) * 2 - 440) <= 4  # hertz


def test_what_is_rendered_is_kept_and_needs_no_program(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips, _ = load(folder)
    written = {name: clip.path.stat().st_mtime_ns for name, clip in clips.items()}
    monkeypatch.setenv("PATH", "")
    again, _ = load(folder)
    assert again == clips
    assert {name: clip.path.stat().st_mtime_ns for name, clip in again.items()} == written
    assert sorted(path.name for path in (folder / "rendered").iterdir()) == sorted(
        f"{name}.flac" for name in clips
    )


def test_rendering_tells_how_far_it_is(folder: Path) -> None:
    told: list[tuple[int, int]] = []

    def progress(done: int, of: int) -> None:
        told.append((done, of))

    corpora.load(folder, ["emopia"], folder / "rendered", progress)
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("content", "why"), [(b"no notes", "not a SoundFont or MIDI|RIFF"), (midi(None), "no notes")]
)
def test_what_cannot_be_rendered_is_left_out_with_a_warning(
    folder: Path, content: bytes, why: str
) -> None:
    (folder / "emopia" / "midis" / "Q4_xyz_0.mid").write_bytes(content)
    clips, warnings = load(folder)
    assert sorted(clips) == ["Q1_a_b-c_0", "Q3_a_b-c_1"]
    (warning,) = (warning for warning in warnings if "cannot be rendered" in warning)
    assert "1 cannot be rendered (Q4_xyz_0.mid: " in warning
    assert any(words in warning for words in why.split("|"))
    assert len(list((folder / "rendered").iterdir())) == 2


def test_without_fluidsynth_it_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(corpora.CorpusError, match="apt-get install fluidsynth timgm6mb-soundfont"):
        load(folder)


def test_without_a_soundfont_it_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "SOUNDFONTS", (folder / "TimGM6mb.sf2",))
    with pytest.raises(corpora.CorpusError, match="apt-get install timgm6mb-soundfont"):
        load(folder)


def test_it_needs_a_place_to_keep_the_audio(folder: Path) -> None:
    with pytest.raises(corpora.CorpusError, match="give a folder"):
        corpora.load(folder, ["emopia"])
    (folder / "rendered").touch()
    with pytest.raises(corpora.CorpusError, match="rendered: cannot be written"):
        load(folder)


def test_without_its_table_nothing_is_known(folder: Path) -> None:
    (folder / "emopia" / "label.csv").unlink()
    with pytest.raises(corpora.CorpusError, match=r"label\.csv: no such file"):
        load(folder)
