"""[[source]] tables: what is taken, what is refused, and what each source is alone."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.config.load import load
from moodstream.config.sections import Config, ConfigError
from moodstream.config.shown import shown
from moodstream.config.sources import each, folder, origin, prefixes, state_of

FOUR = """
[audio]
buffer_s = 5.0
[mqtt]
prefix = "home"
client_id = "me"
[[source]]
name = "kitchen"
device = "USB"
channels = [1]
[[source]]
name = "door"
prefix = "outside/mood"
url = "rtsp://admin:geheim@cam.local:554/stream?x=1"
[[source]]
name = "attic"
command = "ssh 'the attic' arecord http://a:geheim@b/c"
raw = "48000,2,s16"
[[source]]
name = "player"
fifo = "/run/snapfifo"
"""


def loaded(tmp_path, text):
    path = tmp_path / "config.toml"
    path.write_text(text)
    return load(path, {}, {})


def test_each_source_is_alone_in_its_settings(tmp_path):
    config = loaded(tmp_path, FOUR)
    views = each(config)
    assert [view.audio.name for view in views] == ["kitchen", "door", "attic", "player"]
    assert prefixes(config) == ("home/kitchen", "outside/mood", "home/attic", "home/player")
    assert views[0].audio.device == "USB"
    assert views[0].audio.channels == (1,)
    assert {view.audio.buffer_s for view in views} == {5.0}
    assert len({view.mqtt.client_id for view in views}) == 4
    assert [view.source[0].kind for view in views] == ["device", "url", "command", "fifo"]
    assert views[2].source[0].words == ["ssh", "the attic", "arecord", "http://a:geheim@b/c"]
    assert views[2].source[0].layout.channels == 2
    assert len({state_of(view, Path("/s")) for view in views}) == 4
    assert state_of(views[0], Path("/s")) == Path("/s/sources/kitchen")
    assert state_of(views[0], None) is None


def test_without_tables_nothing_is_changed():
    config = Config()
    assert each(config) == [config]
    assert state_of(config, Path("/s")) == Path("/s")
    assert origin(config) == ""


def test_no_secret_is_shown_or_kept(tmp_path):
    config = loaded(tmp_path, FOUR)
    text = shown(config)
    assert "geheim" not in text
    assert not any("geheim" in origin(view) for view in each(config))
    tables = tomllib.loads(text)["source"]
    assert [table["name"] for table in tables] == ["kitchen", "door", "attic", "player"]
    assert tables[1]["url"] == "rtsp://cam.local:554/********"
    assert tables[3] == {"name": "player", "fifo": "/run/snapfifo", "raw": "16000,1,s16"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[source]]\n", "source[0].name: missing"),
        ("[source]\nname='a'\n", "source: expected tables, each below [[source]]"),
        ("[[source]]\nname=''\n", "expected a name"),
        (f"[[source]]\nname='{'ü' * 31}'\n", "expected a name of up to 60 bytes"),
        ("[[source]]\nname='a'\nfifo='x'\ndevice='y'\n", "device and fifo are set"),
        ("[[source]]\nname='a'\nchannels=[0,0]\n", "contains a channel twice"),
        ("[[source]]\nname='a'\n[[source]]\nname='a'\n", "two sources have the name 'a'"),
        (
            "[[source]]\nname='a'\nprefix='mood/b'\n[[source]]\nname='b'\n",
            "two sources have the prefix 'mood/b'",
        ),
        ("[[source]]\nname='a#'\n", "prefix of source 'a#': found 'mood/a#'; expected a topic"),
        (
            "[audio]\nname='x'\n[[source]]\nname='a'\n",
            "[audio] names a source in addition to [[source]]",
        ),
        ("[[source]]\nname='a'\nurl='ftp://me:geheim@h/'\n", "source[0].url: expected http://"),
        ("[[source]]\nname='a'\nurl=7\n", "source[0].url: expected text, found something else"),
        ('[[source]]\nname="a"\nurl="http://me:geheim@h/\\u0000"\n', "Unicode text without NUL"),
        ("[[source]]\nname='a'\ncommand='play \"x'\n", "source[0].command: No closing quotation"),
        ("[[source]]\nname='a'\ncommand=' '\n", "expected a program"),
        ("[[source]]\nname='a'\nraw='16000,1'\n", "source[0].raw: raw audio is described as"),
        ("[[source]]\nname='a'\nurll='x'\n", "unknown key; did you mean 'url'?"),
    ],
)
def test_mistakes_are_told_without_secrets(tmp_path, text, message):
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    assert message in str(caught.value)
    assert "geheim" not in str(caught.value)


@given(names=st.lists(st.text(min_size=1, max_size=15), min_size=2, max_size=9, unique=True))
def test_each_name_has_a_folder_of_its_own(names):
    folders = [folder(name) for name in names]
    assert len(set(folders)) == len(names)
    for one in folders:
        assert "/" not in one
        assert one not in (".", "..")
        assert len(one) <= 180
