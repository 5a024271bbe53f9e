"""Own recordings: two ways to label them, and all mistakes at once."""

from pathlib import Path

import pytest
import soundfile

from moodstream.mood.circumplex import MOODS
from moodstream_train import corpora
from tests.train.conftest import RATE, tone


@pytest.fixture
def own(tmp_path: Path) -> Path:
    place = tmp_path / "own"
    place.mkdir()
    return place


def put(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, tone(0, 0.1, RATE, 1), RATE)


def load(own: Path) -> list[corpora.Clip]:
    clips, warnings = corpora.load(own.parent, ["own"])
    assert not warnings
    return clips


def mistakes(own: Path) -> list[str]:
    with pytest.raises(corpora.CorpusError) as caught:
        load(own)
    return str(caught.value).splitlines()


def test_a_folder_is_a_mood_or_a_quadrant_and_a_sub_folder_a_group(own: Path) -> None:
    put(own / "happy" / "a.wav", own / "Q3" / "b.flac")
    put(own / "happy" / "anna" / "1.wav", own / "sad" / "anna" / "late" / "2.wav")
    (own / "happy" / ".DS_Store").touch()
    (own / ".cache").mkdir()
    (own / "notes.txt").touch()
    assert [(clip.name, clip.label, clip.group) for clip in load(own)] == [
        ("1", "happy", "own anna"),
        ("2", "sad", "own anna"),
        ("a", "happy", "own happy/a.wav"),
        ("b", "Q3", "own Q3/b.flac"),
    ]


def test_a_mood_is_right_alone_and_a_quadrant_with_all_its_moods(own: Path) -> None:
    put(own / "calm" / "a.wav", own / "Q4" / "b.wav")
    a, b = load(own)
    assert a.corpus == "own"
    assert [MOODS[mood] for mood in a.moods] == ["calm"]
    assert [MOODS[mood] for mood in b.moods] == ["neutral", "calm"]


def test_a_table_goes_before_folders(own: Path) -> None:
    put(own / "x" / "a.wav", own / "x" / "b.wav", own / "c.wav")
    (own / "labels.csv").write_text(
        "File, Label, Group\nx/a.wav,Q2,disc 1\nx/b.wav, sad,disc 1\nc.wav,happy,\n"
    )
    assert [(clip.name, clip.label, clip.group) for clip in load(own)] == [
        ("a", "Q2", "own disc 1"),
        ("b", "sad", "own disc 1"),
        ("c", "happy", "own c.wav"),
    ]


def test_the_column_group_may_be_left_out(own: Path) -> None:
    put(own / "a.wav")
    (own / "labels.csv").write_text("file,label\na.wav,Q2\n")
    assert [clip.group for clip in load(own)] == ["own a.wav"]


def test_all_mistakes_of_a_table_are_told_with_their_lines(own: Path) -> None:
    put(own / "a.wav", own / "b.wav")
    (own / "labels.csv").write_text(
        "file,label,group\na.wav,hapy,\ngone.wav,sad,\n,sad,\nb.wav,sad,\nb.wav,angry,\n"
    )
    told = mistakes(own)
    assert len(told) == 4
    assert "line 2: label 'hapy'; did you mean 'happy'?" in told[0]
    assert "line 3: no file 'gone.wav'" in told[1]
    assert "line 4: no file ''" in told[2]
    assert "line 6: 'b.wav' is in line 5 already" in told[3]


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "no rows"), ("file,label\n", "no rows"), ("path,label\na,b\n", "no column file")],
)
def test_a_table_without_rows_or_columns_is_named(own: Path, text: str, told: str) -> None:
    (own / "labels.csv").write_text(text)
    (line,) = mistakes(own)
    assert "labels.csv: " in line
    assert told in line


def test_all_mistakes_in_folders_are_told(own: Path) -> None:
    put(own / "angy" / "a.wav", own / "stray.wav", own / "happy" / "good.wav")
    (own / "sad").mkdir()
    told = mistakes(own)
    assert len(told) == 3
    assert "angy: no mood or quadrant; did you mean 'angry'?" in told[0]
    assert "sad: no audio in it" in told[1]
    assert "stray.wav: is in no folder of a mood" in told[2]


def test_what_holds_no_sound_is_named(own: Path) -> None:
    put(own / "happy" / "good.wav")
    soundfile.write(own / "happy" / "empty.wav", tone(0, 0, RATE, 1), RATE)
    (own / "happy" / "text.mp3").write_text("no audio")
    told = mistakes(own)
    assert len(told) == 2
    assert "empty.wav: holds no sound" in told[0]
    assert "text.mp3: cannot be read" in told[1]


def test_an_empty_folder_is_an_error(own: Path) -> None:
    (line,) = mistakes(own)
    assert "no clips; expected labels.csv, or folders named neutral, calm," in line
