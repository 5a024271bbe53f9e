import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from moodstream.replay.files import find, message_name


@pytest.fixture
def music(tmp_path):
    top = tmp_path / "music"
    for name in ("b/2.FLAC", "b/1.wav", "a/3.ogg", "a/cover.jpg", "a/4.cue", "5.cue", "README"):
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (top / "b" / "._1.wav").touch()
    return top


def names(found, top):
    return [str(path.relative_to(top)) for path in found.files]


def test_a_directory_is_searched_to_its_depths_in_order(music):
    found = find([music])
    assert names(found, music) == ["a/3.ogg", "b/1.wav", "b/2.FLAC"]
    assert found.unreachable == []


def test_files_of_other_kinds_are_counted_by_suffix(music):
    found = find([music])
    assert found.passed_over == {".cue": 2, ".jpg": 1, "without a suffix": 1}
    assert found.remark().startswith("4 files passed over: 2 .cue, 1 ")
    assert ".flac" in found.remark().partition(";")[2]
    assert find([music / "b"]).remark() == ""


def test_many_kinds_are_summed_up(tmp_path):
    for number in range(30):
        (tmp_path / f"x.{number:02}").touch()
    assert "24 of other kinds" in find([tmp_path]).remark()


def test_files_that_are_named_are_taken_as_they_are(music):
    named = [music / "README", music / "absent.wav", music / "b" / "1.wav", music / "b" / "1.wav"]
    assert find(named).files == named


def test_a_directory_without_recordings_is_named_itself(music):
    (music / "empty").mkdir()
    assert find([music / "empty"]).files == [music / "empty"]


def test_links_are_followed_once_and_in_no_circle(music, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "6.mp3").touch()
    (music / "0-linked").symlink_to(tmp_path / "elsewhere")
    (music / "linked-again").symlink_to(tmp_path / "elsewhere")
    (music / "0-inside").symlink_to(music / "b")
    (music / "a" / "up").symlink_to(music)
    assert names(find([music]), music) == ["0-linked/6.mp3", "a/3.ogg", "b/1.wav", "b/2.FLAC"]


def test_links_to_nothing_are_not_lost(music):
    (music / "gone.flac").symlink_to("/absent.flac")
    assert "gone.flac" in names(find([music]), music)
    (music / "round").symlink_to(music / "round")
    found = find([music])
    assert any(f"{music / 'round'}: too many levels" in one for one in found.unreachable)


def test_a_pipe_in_a_directory_is_passed_over(music):
    os.mkfifo(music / "pipe.wav")
    found = find([music])
    assert "pipe.wav" not in names(found, music)
    assert found.passed_over["pipes or devices"] == 1


@contextmanager
def as_nobody():
    """Root may read everything."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_directories_that_cannot_be_read_are_told():
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        top.chmod(0o755)
        for name in ("open", "forbidden"):
            (top / name).mkdir()
            (top / name / "x.wav").touch()
        (top / "forbidden").chmod(0)
        with as_nobody():
            found = find([top])
            alone = find([top / "forbidden"])
        (top / "forbidden").chmod(0o755)
    assert names(found, top) == ["open/x.wav"]
    assert found.unreachable == [f"{top}/forbidden: permission denied; its files are skipped"]
    assert alone.files == []
    assert len(alone.unreachable) == 1


def test_a_name_is_text_whatever_its_bytes_are():
    assert message_name(Path("é.wav")) == "é.wav"
    assert message_name(Path(os.fsdecode(b"caf\xe9.wav"))) == "caf\\xe9.wav"
