"""What is heard in a clip: the sounds of UrbanSound8K, and the corpora that were there before."""

from pathlib import Path

import pytest
import soundfile

from moodstream_train import corpora
from moodstream_train.corpora import noise
from tests.train.conftest import tone

KINDS = (
    "air_conditioner",
    "car_horn",
    "children_playing",
    "dog_bark",
    "drilling",
    "engine_idling",
    "gun_shot",
    "jackhammer",
    "siren",
    "street_music",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Each class once, from two recordings, as published: in folders that are no classes."""
    for kind in range(10):
        path = tmp_path / "sounds" / f"fold{kind % 3 + 1}" / f"{100 + kind % 2}-{kind}-0-0.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, tone(kind, 0.1, 44100, kind), 44100)
    soundfile.write(tmp_path / "sounds" / "bell.wav", tone(0, 0.1, 44100, 0), 44100)
    return tmp_path


def test_a_sound_has_a_class_a_recording_and_no_mood(folder: Path) -> None:
    clips, warnings = corpora.load(folder, ["sounds"])
    assert [clip.label for clip in sorted(clips, key=lambda c: c.name[4:])] == list(KINDS)
    assert {clip.group for clip in clips} == {"sounds 100", "sounds 101"}
    assert {clip.moods for clip in clips} == {()}
    assert {(clip.valence, clip.arousal, clip.language) for clip in clips} == {(None, None, "")}
    assert len(warnings) == 1
    assert "UrbanSound8K holds 10 clips, the whole corpus has 8732; docs/" in warnings[0]


def test_children_are_a_voice_and_street_music_is_music(folder: Path) -> None:
    clips, _ = corpora.load(folder, ["sounds"])
    heard = {clip.label: (clip.voice, clip.music) for clip in clips}
    assert heard.pop("children_playing") == (1.0, 0.0)
    assert heard.pop("street_music") == (None, 1.0)
    assert set(heard.values()) == {(0.0, 0.0)}


def test_a_class_that_is_missing_is_named(folder: Path) -> None:
    for path in (folder / "sounds").rglob("101-*.wav"):
        path.unlink()
    _, warnings = corpora.load(folder, ["sounds"])
    absent = "car_horn, dog_bark, engine_idling, jackhammer, street_music"
    assert any(f"UrbanSound8K holds no {absent}" in warning for warning in warnings)


def test_what_is_heard_in_the_corpora_that_are_shipped(shipped_data: Path) -> None:
    clips, _ = corpora.load(shipped_data, ["ravdess", "cremad", "4q"])
    heard = {(clip.corpus, clip.voice, clip.music, clip.language) for clip in clips}
    assert heard == {
        ("speech", 1.0, 0.0, "en"),
        ("song", 1.0, 0.0, "en"),
        ("cremad", 1.0, 0.0, "en"),
        ("music", None, 1.0, ""),
    }


def test_noise_is_neither_voice_nor_music(tmp_path: Path, few_noises: None) -> None:
    assert {(clip.voice, clip.music) for clip in noise.load(tmp_path)} == {(0.0, 0.0)}


def test_what_is_heard_in_own_recordings_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "own" / "happy").mkdir(parents=True)
    soundfile.write(tmp_path / "own" / "happy" / "a.wav", tone(0, 0.1, 16000, 0), 16000)
    (clip,), _ = corpora.load(tmp_path, ["own"])
    assert (clip.voice, clip.music, clip.language) == (None, None, "")
