"""The examination of sources that are no microphones."""

import os
import sys
from pathlib import Path

from moodstream.config.sections import AudioConfig, Config
from moodstream.config.source import SourceConfig
from moodstream.doctor.source import heard
from tests.support.encoded import encoded, tones
from tests.support.program import run_program
from tests.support.streams import faulty

NOISE = """
import os, random
while True:
    samples = (random.randint(-3000, 3000) for _ in range(4000))
    os.write(1, b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples))
"""


def found(bundle, **source):
    table = SourceConfig("x", **source)
    view = Config(audio=AudioConfig(name="x"), source=(table,))
    return [*heard(view, bundle, lambda _: None)]


def test_a_command_that_delivers_is_measured(bundle, tmp_path):
    (tmp_path / "noise.py").write_text(NOISE)
    first, second = found(bundle, command=f"{sys.executable} {tmp_path}/noise.py")
    assert (first.kind, second.kind) == ("ok", "ok")
    assert first.what == f"command '{Path(sys.executable).name}' (16000 Hz)"
    assert "level" in second.what


def test_one_that_ends_says_why_and_a_login_in_it_is_advised_against(bundle):
    warned, failed = found(bundle, command="sh -c 'exit 4' http://me:geheim@h/")
    assert warned.kind == "warning"
    assert "list of processes" in warned.what
    assert failed.kind == "failure"
    assert failed.what == "command 'sh': it has ended, status 4"


def test_a_fifo_is_looked_at_and_not_read(bundle, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "file").touch()
    for name, kind, text in (
        ("fifo", "ok", "not read"),
        ("file", "failure", "is not a FIFO"),
        ("none", "failure", "No such file"),
    ):
        (finding,) = found(bundle, fifo=str(tmp_path / name))
        assert finding.kind == kind
        assert text in finding.what


def test_a_url_is_heard_and_a_wrong_login_is_told(bundle):
    with faulty(encoded(tones(4), "MP3"), 4.0) as server:
        findings = found(bundle, url=server.url)
        assert [finding.kind for finding in findings] == ["ok", "ok"]
        (finding,) = found(bundle, url=server.url.replace("listener:", "other:"))
    assert finding.kind == "failure"
    assert "401 unauthorized" in finding.what
    assert "geheim" not in finding.what


def test_a_source_that_is_not_there_is_told_with_those_that_are(tmp_path):
    settings = tmp_path / "config.toml"
    settings.write_text('[[source]]\nname = "a"\n[[source]]\nname = "b"\n')
    result = run_program("room", "show", "--source", "c", "-c", settings)
    assert result.returncode == 78
    assert "no source 'c'; there are: a, b" in result.stderr
