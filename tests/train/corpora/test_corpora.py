"""What the loaders find, and what they say of what they do not find."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodstream.mood.circumplex import MOODS
from moodstream_train import corpora
from tests.train.conftest import RATE, make_music, make_voices, tone

VOICE = "03-01-06-01-01-01-05"


def load(folder: Path, name: str) -> tuple[list[corpora.Clip], list[str]]:
    return corpora.load(folder, [name])


def test_voices_carry_the_mood_the_actor_and_the_sex_of_their_name(data: Path) -> None:
    clips, _ = load(data, "ravdess")
    clip = next(c for c in clips if c.name == VOICE)
    assert (clip.corpus, clip.label, clip.group) == ("speech", "fearful", "actor 05")
    assert clip.moods == (MOODS.index("fearful"),)
    assert [c.corpus for c in clips].count("song") == 23
    assert {c.sex for c in clips if c.group in {"actor 05", "actor 23"}} == {"male"}
    assert {c.sex for c in clips if c.group in {"actor 02", "actor 24"}} == {"female"}


def test_music_carries_all_moods_of_its_quadrant_and_the_artist(data: Path) -> None:
    clips, _ = load(data, "4q")
    clip = next(c for c in clips if c.name == "MT001")
    assert (clip.corpus, clip.label, clip.group, clip.sex) == ("music", "Q2", "artist 0", None)
    assert {MOODS[mood] for mood in clip.moods} == {"angry", "fearful", "disgust"}


def test_the_published_table_of_4q_is_understood(tmp_path: Path) -> None:
    folder = tmp_path / "music4q"
    (folder / "Q3").mkdir(parents=True)
    soundfile.write(folder / "Q3" / "MT1.wav", np.zeros(RATE, np.float32), RATE)
    (folder / "annotations.csv").write_text('"Song","Quadrant"\nMT1,Q3\n')
    (folder / "metadata.csv").write_text('"Song","Artist","Title","Quadrant"\nMT1,Nobody,T,Q3\n')
    clips, _ = load(tmp_path, "4q")
    assert [(clip.name, clip.label, clip.group) for clip in clips] == [("MT1", "Q3", "nobody")]


def test_an_incomplete_corpus_is_named_in_a_warning(data: Path) -> None:
    _, warnings = corpora.load(data, ["ravdess", "4q"])
    assert any("RAVDESS speech holds 24 clips, the whole corpus has 1440" in w for w in warnings)
    assert any("RAVDESS song holds 23 clips, the whole corpus has 1012" in w for w in warnings)
    assert any("4Q holds 40 clips with audio, expected 720 or 900" in w for w in warnings)


def test_rows_without_audio_are_counted_in_a_warning(tmp_path: Path) -> None:
    make_music(tmp_path / "music4q")
    (tmp_path / "music4q" / "Q1" / "MT000.flac").unlink()
    clips, warnings = load(tmp_path, "4q")
    assert len(clips) == 39
    assert any("1 of 40 clips have no audio" in warning for warning in warnings)


def test_only_what_is_asked_for_is_loaded(data: Path) -> None:
    clips, warnings = load(data, "ravdess")
    assert {clip.corpus for clip in clips} == {"speech", "song"}
    assert not any("4Q" in warning for warning in warnings)


def test_clips_are_sorted_by_corpus_and_name_however_they_are_asked_for(data: Path) -> None:
    clips, _ = corpora.load(data, ["ravdess", "4q", "ravdess"])
    order = [(clip.corpus, clip.name) for clip in clips]
    assert order == sorted(set(order))
    assert clips == corpora.load(data, ["4q", "ravdess"])[0]


def test_an_unknown_corpus_is_met_with_the_nearest_known_one(data: Path) -> None:
    with pytest.raises(corpora.CorpusError, match=r"'cremd': unknown; did you mean 'cremad'\?"):
        load(data, "cremd")
    with pytest.raises(
        corpora.CorpusError, match=r"known corpora are: ravdess, cremad, 4q, emopia, nemo, .*, own"
    ):
        corpora.load(data, [])


def test_all_missing_folders_are_named_with_what_belongs_there(data: Path) -> None:
    with pytest.raises(corpora.CorpusError) as caught:
        corpora.load(data, ["ravdess", "cremad", "emopia"])
    lines = str(caught.value).splitlines()
    assert len(lines) == 2
    assert "cremad: no such folder; put the audio files of CREMA-D" in lines[0]
    assert "or leave cremad out" in lines[0]
    assert "emopia: no such folder; put the MIDI files" in lines[1]
    with pytest.raises(corpora.CorpusError, match="no such folder; --data"):
        load(data / "nowhere", "ravdess")


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "ravdess").mkdir()
    with pytest.raises(corpora.CorpusError, match="no clips found; put the audio files of Zenodo"):
        load(tmp_path, "ravdess")


@pytest.mark.parametrize(("rate", "suffix"), [(48000, "wav"), (16000, "flac")])
def test_originals_and_copies_are_read_at_the_rate_of_the_features(
    tmp_path: Path, rate: int, suffix: str
) -> None:
    folder = tmp_path / "ravdess" / "speech" / "Actor_05"
    folder.mkdir(parents=True)
    wave = tone(2, 0.7, rate, 1)
    soundfile.write(folder / f"{VOICE}.{suffix}", np.stack([wave, wave], axis=1), rate)
    (clip,), _ = load(tmp_path, "ravdess")
    samples = corpora.read(clip, RATE)
    assert samples.dtype == np.float32
    assert abs(len(samples) - 0.7 * RATE) <= 2
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    assert abs(np.argmax(spectrum) * RATE / len(samples) - 500) < 2  # hertz, that tone's


def test_what_is_at_the_rate_already_is_not_touched(data: Path) -> None:
    clip = next(c for c in load(data, "ravdess")[0] if c.corpus == "song")
    assert np.array_equal(corpora.read(clip, RATE), soundfile.read(clip.path, dtype="float32")[0])


def test_a_clip_in_two_formats_is_one_clip(tmp_path: Path) -> None:
    count = make_voices(tmp_path / "ravdess")
    original = next((tmp_path / "ravdess").rglob(f"{VOICE}.wav"))
    (tmp_path / "ravdess" / "a").mkdir()
    soundfile.write(tmp_path / "ravdess" / "a" / f"{VOICE}.flac", tone(0, 0.7, RATE, 1), RATE)
    clips, _ = load(tmp_path, "ravdess")
    assert len(clips) == count
    assert original in {clip.path for clip in clips}


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "ravdess").mkdir()
    (tmp_path / "ravdess" / f"{VOICE}.wav").write_bytes(b"no audio")
    clips, _ = load(tmp_path, "ravdess")
    with pytest.raises(corpora.CorpusError, match=rf"{VOICE}\.wav: cannot be read"):
        corpora.read(clips[0], RATE)


def test_a_table_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "music4q").mkdir()
    (tmp_path / "music4q" / "clips.csv").write_bytes(b"clip,quadrant,artist\nMT1,Q1,Bj\xf6rk\n")
    with pytest.raises(corpora.CorpusError, match=r"clips\.csv: cannot be read as a table"):
        load(tmp_path, "4q")
