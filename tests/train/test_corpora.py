"""What the loaders find, and what they say of what they do not find."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodstream.mood import MOODS
from moodstream_train import corpora
from tests.train.conftest import RATE, make_music, make_voices


def test_voices_carry_the_mood_and_the_actor_of_their_name(data: Path) -> None:
    clips, _ = corpora.ravdess(data / "ravdess")
    clip = next(c for c in clips if c.name == "03-01-06-01-01-01-05")
    assert (clip.corpus, clip.label, clip.group) == ("speech", "fearful", "actor 05")
    assert clip.moods == (MOODS.index("fearful"),)
    assert [c.corpus for c in clips].count("song") == 23


def test_music_carries_all_moods_of_its_quadrant_and_the_artist(data: Path) -> None:
    clips, _ = corpora.music4q(data / "music4q")
    clip = next(c for c in clips if c.name == "MT001")
    assert clip.label == "Q2"
    assert {MOODS[mood] for mood in clip.moods} == {"angry", "fearful", "disgust"}
    assert clip.group == "artist 0"


def test_the_published_table_of_4q_is_understood(tmp_path: Path) -> None:
    (tmp_path / "Q3").mkdir()
    soundfile.write(tmp_path / "Q3" / "MT1.wav", np.zeros(RATE, np.float32), RATE)
    (tmp_path / "metadata.csv").write_text('"Song","Artist","Title","Quadrant"\nMT1,Nobody,T,Q3\n')
    clips, _ = corpora.music4q(tmp_path)
    assert [(clip.name, clip.label, clip.group) for clip in clips] == [("MT1", "Q3", "nobody")]


def test_an_incomplete_corpus_is_named_in_a_warning(data: Path) -> None:
    _, warnings = corpora.load(data)
    assert any("RAVDESS speech holds 24 clips, the whole corpus has 1440" in w for w in warnings)
    assert any("RAVDESS song holds 23 clips, the whole corpus has 1012" in w for w in warnings)
    assert any("4Q holds 40 clips with audio, expected 720 or 900" in w for w in warnings)


def test_rows_without_audio_are_counted_in_a_warning(tmp_path: Path) -> None:
    make_music(tmp_path)
    (tmp_path / "Q1" / "MT000.flac").unlink()
    clips, warnings = corpora.music4q(tmp_path)
    assert len(clips) == 39
    assert any("1 of 40 clips have no audio" in warning for warning in warnings)


def test_one_corpus_alone_is_enough(tmp_path: Path) -> None:
    count = make_voices(tmp_path / "ravdess")
    clips, warnings = corpora.load(tmp_path)
    assert len(clips) == count
    assert any("music4q: 4Q holds 0 clips" in warning for warning in warnings)


def test_nothing_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(corpora.CorpusError, match="no clips found"):
        corpora.load(tmp_path)
    with pytest.raises(corpora.CorpusError, match="no such folder"):
        corpora.load(tmp_path / "nowhere")


def test_originals_are_brought_to_the_rate_of_the_features(data: Path) -> None:
    clips, _ = corpora.ravdess(data / "ravdess")
    original = next(c for c in clips if c.corpus == "speech")
    assert soundfile.info(original.path).samplerate == 48000
    samples = corpora.read(original, RATE)
    assert samples.dtype == np.float32
    assert abs(len(samples) - 0.7 * RATE) <= 2
    copy = next(c for c in clips if c.corpus == "song")
    assert np.array_equal(corpora.read(copy, RATE), soundfile.read(copy.path, dtype="float32")[0])


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "03-01-06-01-01-01-05.wav"
    path.write_bytes(b"no audio")
    clips, _ = corpora.ravdess(tmp_path)
    with pytest.raises(corpora.CorpusError, match=r"03-01-06-01-01-01-05\.wav: cannot be read"):
        corpora.read(clips[0], RATE)
