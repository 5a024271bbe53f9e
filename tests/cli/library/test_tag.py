import os
import shutil
import subprocess
import sys

import pytest
import soundfile

from moodstream.library.tagging import current
from tests.library.conftest import KINDS, originals  # noqa: F401
from tests.support.program import run_program
from tests.support.signals import glide


@pytest.fixture
def music(originals, tmp_path):  # noqa: F811
    """A small library with a file of each kind."""
    folder = tmp_path / "music"
    folder.mkdir()
    for kind, path in originals.items():
        shutil.copy(path, folder / f"{kind}.{kind}")
    return folder


@pytest.fixture
def tag(tmp_path):
    def run(*arguments):
        return run_program("tag", *arguments, "--journal", tmp_path / "tags.jsonl", "--jobs", 1)

    return run


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def moods(folder):
    return {path.name: current(path)["MOOD"] for path in sorted(folder.iterdir())}


def test_a_library_is_shown_tagged_and_undone(music, tag):
    before = contents(music)
    shown = tag(music)
    assert shown.returncode == 0
    assert "6 would be tagged; add --write" in shown.stderr
    assert contents(music) == before
    written = tag(music, "--write")
    assert written.stdout == shown.stdout
    assert written.stderr == "6 tagged\n"
    assert {f"{music / name}: {', '.join(words)}" for name, words in moods(music).items()} == set(
        shown.stdout.splitlines()
    )
    assert tag(music, "--write").stderr == "6 tagged already\n"
    undone = tag(music, "--undo")
    assert undone.stdout.count("as it was") == len(KINDS)
    assert contents(music) == before
    assert tag(music, "--undo").stdout == ""


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_the_moods_of_an_earlier_replay_are_the_same(music, tag, tmp_path, form):
    results = tmp_path / "results"
    run_program("replay", music, "--format", form, "--resume", results)
    options = ("--what", "both", "--numbers")
    again, heard = tag(music, "--results", results, *options), tag(music, *options)
    assert again.stdout == heard.stdout
    one = tag(music / "flac.flac", "--results", results, "--write", *options)
    assert one.stderr == "1 tagged\n"
    fields = current(music / "flac.flac")
    assert -1 <= float(fields["MOODSTREAM_VALENCE"][0]) <= 1
    absent = tag(tmp_path / "absent.mp3", "--results", results)
    assert absent.returncode == 1
    assert "is not in the results" in absent.stderr


def test_the_mood_of_somebody_else_stays_unless_forced(music, tag):
    import mutagen  # noqa: PLC0415

    file = mutagen.File(music / "ogg.ogg")
    file["MOOD"] = ["Dreamy"]
    file.save()
    result = tag(music / "ogg.ogg", "--write")
    assert result.returncode == 0
    assert "keeps Dreamy" in result.stdout
    assert current(music / "ogg.ogg")["MOOD"] == ("Dreamy",)
    result = tag(music / "ogg.ogg", "--write", "--force")
    assert "in place of Dreamy" in result.stdout
    assert current(music / "ogg.ogg")["MOOD"] != ("Dreamy",)
    tag(music, "--undo")
    assert current(music / "ogg.ogg")["MOOD"] == ("Dreamy",)


def test_own_words(music, tag, tmp_path):
    words = tmp_path / "words.toml"
    words.write_text("".join(f'Q{i} = "mine {i}"\n' for i in range(1, 5)))
    result = tag(music / "wav.wav", "--words", words)
    assert ": mine " in result.stdout
    words.write_text('Q5 = "x"')
    result = tag(music, "--words", words)
    assert result.returncode == 1
    assert "did you mean 'Q" in result.stderr


def test_a_bad_file_harms_no_other(music, tag):
    (music / "bad.mp3").write_text("no music")
    (music / "flac.flac").chmod(0o444)
    result = tag(music, "--write")
    assert result.returncode == 1
    assert "bad.mp3" in result.stderr
    tagged = len(KINDS) - (os.getuid() != 0)
    assert f"{tagged} tagged" in result.stderr


def test_silence_gets_no_tag(tmp_path, tag):
    soundfile.write(tmp_path / "x.wav", 0 * glide(5), 16000)
    result = tag(tmp_path / "x.wav", "--write")
    assert result.stdout == f"{tmp_path / 'x.wav'}: no mood\n"
    assert current(tmp_path / "x.wav")["MOOD"] == ()


def test_a_missing_mutagen_is_told_with_the_command_that_installs_it(tmp_path):
    code = (
        "import importlib.util as util, sys; real = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if name == 'mutagen' else real(name, *more)\n"
        "from moodstream.cli.group import main; main(['tag', sys.argv[1]])"
    )
    command = [sys.executable, "-c", code, tmp_path]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 1
    assert "pip install 'moodstream[tags]'" in result.stderr
    assert "Traceback" not in result.stderr


def test_two_at_once_are_refused(music, tag, tmp_path):
    import fcntl  # noqa: PLC0415

    with (tmp_path / "tags.jsonl").open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        result = tag(music, "--write")
    assert result.returncode == 1
    assert "another 'moodstream tag'" in result.stderr
