import os
import re

import pytest

from tests.support.program import run_program

HEAD = "file,duration,mood,quadrant,valence,arousal,confidence\n"


@pytest.fixture
def results(tmp_path):
    """Results of five tracks in two folders, one without a mood."""
    rows = [
        ("music/a.mp3", 61.4, "calm", "Q4", 0.5, -0.5, 0.6),
        ("music/b.mp3", 62, "calm", "Q4", 0.6, -0.4, 0.9),
        ("music/#c.flac", 63, "happy", "Q1", 0.6, 0.4, 0.7),
        ("other/d.ogg", 64, "sad", "Q3", -0.5, -0.5, 0.4),
        ("other/e.ogg", 65, "", "", "", "", ""),
    ]
    lines = "".join(f"{tmp_path / row[0]},{','.join(map(str, row[1:]))}\n" for row in rows)
    path = tmp_path / "moods.csv"
    path.write_text(HEAD + lines)
    return path


def files(text):
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_a_quadrant_with_paths_relative_to_the_playlist(results, tmp_path):
    (tmp_path / "lists").mkdir()
    out = tmp_path / "lists" / "calm.m3u8"
    result = run_program("playlist", results, "--quadrant", "Q4", "--output", out)
    assert result.returncode == 0
    assert result.stderr == "2 tracks\n"
    assert out.read_text() == (
        "#EXTM3U\n#EXTINF:62,b\n../music/b.mp3\n#EXTINF:61,a\n../music/a.mp3\n"
    )
    assert [*out.parent.iterdir()] == [out]


def test_standard_output_is_relative_to_the_present_folder(results, tmp_path):
    result = run_program("playlist", results, "-m", "happy", "-m", "sad", cwd=tmp_path / ".")
    assert files(result.stdout) == ["music/#c.flac", "other/d.ogg"]
    result = run_program(
        "playlist", results, "-m", "happy", cwd=(tmp_path / "music").mkdir() or tmp_path / "music"
    )
    assert "./#c.flac" in result.stdout.splitlines()


def test_a_way_from_sad_to_happy(results, tmp_path):
    result = run_program("playlist", results, "--from", "sad", "--to", "Q1", cwd=tmp_path)
    assert files(result.stdout)[0] == "other/d.ogg"
    assert files(result.stdout)[-1] == "music/#c.flac"
    assert len(files(result.stdout)) == 4


def test_the_least_sure_are_left_out(results, tmp_path):
    result = run_program(
        "playlist", results, "--quadrant", "Q4", "--min-confidence", "0.8", cwd=tmp_path
    )
    assert files(result.stdout) == ["music/b.mp3"]


def test_names_of_any_bytes_keep_them(tmp_path):
    name = tmp_path / os.fsdecode(b"caf\xe9.mp3")
    name.touch()
    shown = str(tmp_path / "caf\\xe9.mp3")
    path = tmp_path / "moods.csv"
    path.write_text(
        f'{HEAD}{shown},1,sad,Q3,0,0,1\ns3://b/x.mp3,1,sad,Q3,0,0,1\n"{tmp_path}/a\nb",1,sad,Q3,0,0,1\n'
    )
    result = run_program("playlist", path, "-q", "Q3", "-o", tmp_path / "x.m3u8")
    content = (tmp_path / "x.m3u8").read_bytes()
    assert b"\ncaf\xe9.mp3\n" in content
    assert b"\ns3://b/x.mp3\n" in content
    assert "left out" in result.stderr
    assert result.stderr.endswith("2 tracks\n")


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ((), 2, "--quadrant or --mood"),
        (("--from", "sad"), 2, "--from and --to"),
        (("--from", "sad", "--to", "calm", "-m", "sad"), 2, "or both"),
        (("-m", "angry"), 1, "no track matches"),
        (("--mood", "joyful"), 2, "joyful"),
        (("-m", "sad", "-o", "absent/x.m3u8"), 1, "No such file"),
    ],
)
def test_what_is_wrong_is_told(results, tmp_path, arguments, status, message):
    result = run_program("playlist", results, *arguments, cwd=tmp_path)
    assert result.returncode == status
    assert re.search(message, result.stderr)
    assert result.stdout == ""
