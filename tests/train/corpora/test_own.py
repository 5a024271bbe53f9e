"""Own recordings: two ways to label them, and all mistakes at once."""

import json
from pathlib import Path

import pytest
import soundfile

from moodstream.mood.circumplex import MOODS
from moodstream_train import corpora
from tests.support.program import run_program
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
    assert "line 6: 'b.wav' is already in line 5" in told[3]


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
    assert "angy: not a mood or quadrant; did you mean 'angry'?" in told[0]
    assert "sad: no audio in it" in told[1]
    assert "stray.wav: is not in a folder of a mood" in told[2]


def test_what_holds_no_sound_is_named(own: Path) -> None:
    put(own / "happy" / "good.wav")
    soundfile.write(own / "happy" / "empty.wav", tone(0, 0, RATE, 1), RATE)
    (own / "happy" / "text.mp3").write_text("no audio")
    told = mistakes(own)
    assert len(told) == 2
    assert "empty.wav: contains no sound" in told[0]
    assert "text.mp3: cannot be read" in told[1]


def test_an_empty_folder_is_an_error(own: Path) -> None:
    (line,) = mistakes(own)
    assert "no clips; expected labels.csv, or folders named neutral, calm," in line


def test_numbers_rate_a_clip_and_stand_for_a_missing_label(own: Path) -> None:
    put(own / "a.wav", own / "b.wav", own / "c.wav")
    (own / "labels.csv").write_text(
        "file,label,group,valence,arousal\na.wav,sad,,-0.5,\nb.wav,,,0.2,-0.7\nc.wav,Q2,,,\n"
    )
    found = [(clip.label, clip.valence, clip.arousal) for clip in load(own)]
    assert found == [("sad", -0.5, None), ("Q4", 0.2, -0.7), ("Q2", None, None)]


def test_numbers_that_are_none_or_alone_are_named(own: Path) -> None:
    put(own / "a.wav", own / "b.wav", own / "c.wav")
    (own / "labels.csv").write_text(
        "file,label,valence,arousal\na.wav,sad,much,0\nb.wav,sad,0,1.5\nc.wav,,0.5,\n"
    )
    told = mistakes(own)
    assert "line 2: valence 'much'; give a number from -1 to 1" in told[0]
    assert "line 3: arousal '1.5'; give a number from -1 to 1" in told[1]
    assert "line 4: label ''; known are: neutral" in told[2]


@pytest.mark.parametrize("style", ["csv", "jsonl"])
def test_results_of_a_replay_that_were_corrected_are_labels(own: Path, style: str) -> None:
    for number, name in enumerate(("a", "b", "c")):
        soundfile.write(own / f"{name}.wav", tone(number, 1, RATE, number), RATE)
    soundfile.write(own / "silent.wav", tone(0, 1, RATE, 0) * 0, RATE)
    made = run_program("replay", "--summary", "--format", style, own)
    assert made.returncode == 0, made.stderr
    results = own.parent / f"heard.{style}"
    lines = made.stdout.splitlines()
    results.write_text("\n".join(corrected(line, own) for line in lines) + "\n", encoding="utf-8")
    clips, warnings = corpora.own.load(results)
    found = {clip.name: (clip.label, clip.valence, clip.group) for clip in clips}
    assert found == {
        name: (label, None, f"own {own / name}.wav")
        for name, label in (("a", "happy"), ("b", "Q3"), ("c", "surprised"))
    }
    (warning,) = warnings
    assert "1 recordings without a mood are skipped" in warning


def corrected(line: str, own: Path) -> str:
    """A line of results as somebody edits it, whatever was heard."""
    for name, mood in (("a", "happy"), ("b", "Q3"), ("c", "surprised"), ("silent", "")):
        file = str(own / f"{name}.wav")
        if line.startswith(file):
            _, duration, _, *others = line.split(",")
            return ",".join([file, duration, mood, *others])
        if f'"file":"{file}"' in line.replace(": ", ":"):
            return json.dumps({**json.loads(line), "mood": mood or None})
    return line


def test_results_that_are_not_json_are_named_with_their_line(tmp_path: Path) -> None:
    put(tmp_path / "a.wav")
    (tmp_path / "heard.jsonl").write_text(
        '{"type": "summary", "file": "a.wav", "mood": "calm"}\n{"type": \n'
    )
    with pytest.raises(corpora.CorpusError, match="line 2: not JSON"):
        corpora.own.load(tmp_path / "heard.jsonl")


def test_a_place_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(corpora.CorpusError, match="nowhere: no such folder or table"):
        corpora.own.load(tmp_path / "nowhere")
