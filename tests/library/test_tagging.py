import json
import os
import shutil
import subprocess

import mutagen
import numpy as np
import pytest
from mutagen.id3 import COMM, ID3, TIT2, TMOO

from moodstream.library.delta import sha256
from moodstream.library.errors import LibraryError
from moodstream.library.tag_fields import AROUSAL, MOOD, NAMES, VALENCE, WRITTEN
from moodstream.library.tag_journal import TagJournal
from moodstream.library.tagging import current, is_foreign, is_same, undo, write
from tests.library.conftest import KINDS, decoded, write_music
from tests.support.program import program

CALM = {MOOD: ("calm",), WRITTEN: ("calm",), VALENCE: ("0.250",), AROUSAL: ("-0.500",)}
SAD = {MOOD: ("sad", "blue"), WRITTEN: ("sad", "blue"), VALENCE: (), AROUSAL: ()}
NONE = dict.fromkeys(NAMES, ())
EVERY_KIND = pytest.mark.parametrize("song", KINDS, indirect=True)


@pytest.fixture
def journal(tmp_path):
    with TagJournal.opened(tmp_path / "state" / "tags.jsonl") as opened:
        yield opened


def title(path, text):
    """Give a file a title and a picture's worth of other data, as other programs do."""
    file = mutagen.File(path)
    if file.tags is None:
        file.add_tags()
    if isinstance(file.tags, ID3):
        file.tags.add(TIT2(encoding=3, text=[text]))
        file.tags.add(COMM(encoding=3, lang="eng", desc="", text=["x" * 9000]))
    else:
        file.tags["\xa9nam" if path.suffix == ".m4a" else "title"] = [text]
        file.tags["\xa9cmt" if path.suffix == ".m4a" else "comment"] = ["x" * 9000]
    file.save()


@EVERY_KIND
@pytest.mark.parametrize("has_tags", [False, True])
def test_the_sound_stays_the_same_and_undo_gives_back_every_byte(song, journal, has_tags):
    if has_tags:
        title(song, "Nocturne")
    before, sound = song.read_bytes(), decoded(song)
    status = song.stat()
    for wanted in (CALM, SAD):
        write(song, wanted, journal, keep_mtime=False)
        assert current(song) == wanted
        assert song.read_bytes() != before
        np.testing.assert_array_equal(decoded(song), sound)
    if has_tags:
        assert "Nocturne" in str(mutagen.File(song).tags)
    assert undo(song, journal) == ""
    assert song.read_bytes() == before
    assert song.stat().st_mtime_ns == status.st_mtime_ns
    assert {*song.parent.iterdir()} == {song, song.parent / "state"}


@EVERY_KIND
def test_ffprobe_sees_the_tags(song, journal):
    write(song, CALM, journal, keep_mtime=False)
    command = [
        *(program("ffprobe"), "-v", "error", "-of", "json"),
        *("-show_entries", "format_tags:stream_tags", song),
    ]
    shown = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    tags = {**shown.get("format", {}).get("tags", {})}
    for stream in shown.get("streams", []):
        tags.update(stream.get("tags", {}))
    tags = {key.upper(): value for key, value in tags.items()}
    assert tags.get("MOOD", tags.get("TMOO")) == "calm"
    assert tags[VALENCE] == "0.250"


def test_an_old_id3_tag_is_kept_and_comes_back(tmp_path, originals, journal):
    song = tmp_path / "old.mp3"
    shutil.copy(originals["mp3"], song)
    tag = ID3()
    tag.add(TIT2(encoding=1, text=["Élégie"]))
    tag.save(song, v2_version=3, v1=2)
    before = song.read_bytes()
    write(song, CALM, journal, keep_mtime=True)
    assert current(song) == CALM
    assert str(ID3(song)["TIT2"]) == "Élégie"
    assert undo(song, journal) == ""
    assert song.read_bytes() == before


def test_a_file_that_somebody_changed_since_loses_the_mood_alone(song, journal):
    write(song, CALM, journal, keep_mtime=False)
    title(song, "Nocturne")
    assert "changed since then" in undo(song, journal)
    assert current(song) == NONE
    assert mutagen.File(song)["title"] == ["Nocturne"]


def test_undo_gives_back_the_mood_of_somebody_else(tmp_path, originals, journal):
    song = tmp_path / "x.mp3"
    shutil.copy(originals["mp3"], song)
    tag = ID3()
    tag.add(TMOO(encoding=3, text=["Dreamy"]))
    tag.save(song)
    assert is_foreign(current(song))
    write(song, CALM, journal, keep_mtime=False)
    assert not is_foreign(current(song))
    title(song, "Nocturne")
    undo(song, journal)
    assert current(song) == {**NONE, MOOD: ("Dreamy",)}


def test_a_mood_that_was_edited_is_somebody_elses():
    assert not is_foreign(NONE)
    assert not is_foreign(CALM)
    edited = {**CALM, MOOD: ("Serene",)}
    assert is_foreign(edited)
    assert is_same(CALM, CALM)
    assert not is_same(CALM, SAD)
    assert is_same({**NONE, MOOD: ("calm",)}, CALM)


def test_times_rights_and_links_are_kept(song, journal):
    song.chmod(0o640)
    os.utime(song, ns=(10**18, 10**18))
    link = song.with_name("link.flac")
    link.symlink_to(song)
    write(link, CALM, journal, keep_mtime=True)
    assert link.is_symlink()
    assert song.stat().st_mtime_ns == 10**18
    assert song.stat().st_mode & 0o777 == 0o640
    write(song, SAD, journal, keep_mtime=False)
    assert song.stat().st_mtime_ns > 10**18


def test_a_failure_leaves_the_file_as_it_was(song, tmp_path):
    before = song.read_bytes()

    class Full(TagJournal):
        def add(self, _entry):
            raise OSError(28, "No space left on device")

    with (
        Full.opened(tmp_path / "state" / "tags.jsonl") as journal,
        pytest.raises(LibraryError, match="no space left"),
    ):
        write(song, CALM, journal, keep_mtime=False)
    assert song.read_bytes() == before
    assert not [*song.parent.glob(".moodstream-*")]


def test_a_crash_before_the_change_leaves_nothing_to_undo(song, tmp_path, monkeypatch):
    before = song.read_bytes()
    place = tmp_path / "state" / "tags.jsonl"
    with TagJournal.opened(place) as journal:
        write(song, CALM, journal, keep_mtime=False)
    song.write_bytes(before)  # as if the rename had never come
    with place.open("ab") as stream:
        stream.write(b'{"file": "cut')
    with TagJournal.opened(place) as journal:
        assert undo(song, journal) == ""
        assert song.read_bytes() == before
        write(song, SAD, journal, keep_mtime=False)
    with TagJournal.opened(place) as journal:
        undo(song, journal)
    assert song.read_bytes() == before


def test_every_page_of_a_long_ogg_file_comes_back(tmp_path, journal):
    song = write_music(tmp_path / "long.ogg", 60)
    before, sound = song.read_bytes(), decoded(song)
    many = {**CALM, MOOD: tuple(f"mood {i}" * 40 for i in range(400))}  # needs more pages
    write(song, many, journal, keep_mtime=False)
    np.testing.assert_array_equal(decoded(song), sound)
    assert next(journal.entries(song)).difference is not None
    undo(song, journal)
    assert song.read_bytes() == before


@pytest.mark.parametrize("kind", ["wav", "m4a", "flac"])
def test_a_file_of_many_megabytes_comes_back(tmp_path, kind, journal):
    song = write_music(tmp_path / f"song.{kind}", seconds=60.0)
    before = song.read_bytes()
    for wanted in (SAD, CALM, SAD):  # CALM is longer, with its numbers
        write(song, wanted, journal, keep_mtime=False)
    assert undo(song, journal) == ""
    assert song.read_bytes() == before
    assert (tmp_path / "state" / "tags.jsonl").stat().st_size < 20_000


@pytest.mark.parametrize("content", [b"", b"no music", b"\x00" * 4096, b"ID3\x03"])
def test_what_is_no_music_is_refused(tmp_path, content):
    path = tmp_path / "x.mp3"
    path.write_bytes(content)
    with pytest.raises(LibraryError, match=r"x\.mp3"):
        current(path)
    with pytest.raises(LibraryError):
        current(tmp_path / "absent.mp3")


def test_names_that_are_not_utf8_are_undone(tmp_path, originals, journal):
    path = tmp_path / os.fsdecode(b"caf\xe9.flac")
    shutil.copy(originals["flac"], path)
    before = sha256(path)
    write(path, CALM, journal, keep_mtime=False)
    assert journal.files([tmp_path]) == [path]
    undo(path, journal)
    assert sha256(path) == before
    assert journal.files([tmp_path]) == []
