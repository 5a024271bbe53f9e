"""The plugin in a real library of beets, through its own program."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import mediafile
import mutagen
import pytest

from moodstream import hear
from tests.library.conftest import KINDS, decoded, originals  # noqa: F401

ROOT = Path(__file__).parents[2]


@pytest.fixture
def beet(tmp_path, originals):  # noqa: F811
    """The program ``beet`` with a library of its own, and music to import."""
    music = tmp_path / "music"
    music.mkdir()
    for kind in KINDS:
        shutil.copy(originals[kind], music / f"{kind}.{kind}")

    def run(*arguments, config="", expected=0):
        (tmp_path / "config.yaml").write_text(
            f"directory: {tmp_path / 'library'}\n"
            f"library: {tmp_path / 'library.db'}\n"
            "import: {copy: no, autotag: no, quiet: yes}\n"
            f"plugins: moodstream\nmoodstream: {{jobs: 1{config}}}\n"
        )
        environment = {**os.environ, "BEETSDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
        result = subprocess.run(
            [sys.executable, "-m", "beets", *map(str, arguments)],
            capture_output=True,
            text=True,
            env=environment,
        )
        assert result.returncode == expected, result.stderr
        assert "Traceback" not in result.stderr
        return result

    run.music = music
    return run


def test_new_music_is_heard_on_import_and_found_by_its_mood(beet):
    beet("import", beet.music)
    listed = beet("ls", "-p", "mood_quadrant::^Q").stdout.splitlines()
    assert {Path(line).name for line in listed} == {f"{kind}.{kind}" for kind in KINDS}
    summary = hear(beet.music / "flac.flac").summary
    assert summary.quadrant
    query = (f"path:{beet.music / 'flac.flac'}", f"mood_quadrant:{summary.quadrant}")
    form = "$mood_name $mood_quadrant $mood_confidence $mood_valence $mood_arousal"
    name, quadrant, *numbers = beet("ls", "-f", form, *query).stdout.split()
    assert (name, quadrant) == (summary.mood, summary.quadrant)
    expected = (summary.confidence, summary.valence, summary.arousal)
    assert [*map(float, numbers)] == pytest.approx(expected, abs=0.06)
    # A query over a range of numbers.
    assert beet("ls", "mood_confidence:0..1").stdout.count("\n") == len(KINDS)
    assert beet("ls", "mood_valence:1.5..").stdout == ""
    assert not any(mutagen.File(path).tags for path in beet.music.glob("*.flac"))


def test_nothing_is_heard_without_auto_and_nothing_twice(beet):
    beet("import", beet.music, config=", auto: no")
    assert beet("ls", "mood_quadrant::^Q").stdout == ""
    flac = f"path:{beet.music / 'flac.flac'}"
    first = beet("-v", "moodstream", flac)
    assert first.stderr.count("flac.flac: ") == 1
    assert "flac.flac: " not in beet("-v", "moodstream", flac).stderr
    assert "flac.flac: " in beet("-v", "moodstream", "-f", flac).stderr
    assert "flac.flac: " in beet("-v", "moodstream", flac, config=", force: yes").stderr
    assert beet("ls", "mood_quadrant::^Q").stdout.count("\n") == 1


def test_files_get_the_word_if_tags_are_wanted(beet):
    sounds = {path.name: decoded(path).tobytes() for path in beet.music.iterdir()}
    other = mutagen.File(beet.music / "ogg.ogg")
    other["MOOD"] = ["Dreamy"]
    other.save()
    beet("import", "-W", beet.music, config=", auto: no, tag: yes")
    beet("moodstream", config=", tag: yes")
    for path in beet.music.iterdir():
        assert decoded(path).tobytes() == sounds[path.name]
    words = {"happy", "tense", "sad", "calm"}
    assert mutagen.File(beet.music / "flac.flac")["MOOD"][0] in words
    assert str(mutagen.File(beet.music / "mp3.mp3")["TMOO"]) in words
    m4a = mutagen.File(beet.music / "m4a.m4a")["----:com.apple.iTunes:MOOD"]
    assert bytes(m4a[0]).decode() in words
    assert mutagen.File(beet.music / "ogg.ogg")["MOOD"] == ["Dreamy"]
    assert mediafile.MediaFile(beet.music / "flac.flac").type == "flac"


def test_the_plugin_is_typed():
    options = ("--explicit-package-bases", "--config-file", ROOT / "pyproject.toml")
    command = [sys.executable, "-m", "mypy", *options, "beetsplug/moodstream.py"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_a_bad_file_or_bundle_is_told(beet):
    beet("import", beet.music, config=", auto: no")
    (beet.music / "mp3.mp3").write_text("no music")
    result = beet("moodstream")
    assert "mp3.mp3: not an audio file" in result.stderr
    assert beet("ls", "mood_quadrant::^Q").stdout.count("\n") == len(KINDS) - 1
    result = beet("moodstream", config=", force: yes, bundle: absent")
    assert "a bundle is a directory" in result.stderr


def test_moodstream_reads_the_moods_that_beets_has_written(beet):
    from moodstream.library.tagging import current, is_foreign  # noqa: PLC0415

    beet("import", beet.music, config=", tag: yes")
    assert all(is_foreign(current(path)) for path in beet.music.iterdir())


def test_beets_reads_the_moods_that_moodstream_has_written(beet, tmp_path):
    command = [sys.executable, "-m", "moodstream", "tag", beet.music, "--write"]
    command += ["--journal", tmp_path / "tags.jsonl"]
    subprocess.run(command, check=True, capture_output=True)
    beet("import", beet.music, config=", auto: no, tag: yes")
    form = beet("ls", "-f", "$mood", config=", auto: no, tag: yes").stdout
    words = form.split()
    assert len(words) == len(KINDS)
    assert set(words) <= {"happy", "tense", "sad", "calm"}
