import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from moodstream.bundle import disk
from tests.support.program import MOODSTREAM, run_program
from tests.support.replays import STYLES, files_of


def test_names_that_are_not_utf8_are_heard_and_shown(tmp_path, library):
    path = tmp_path / os.fsdecode(b"caf\xe9.flac")
    path.write_bytes((library / "a" / "0.flac").read_bytes())
    out = tmp_path / "out"
    for said in ("", "1 of 1 files"):
        result = run_program("replay", tmp_path, "--format", "csv", "--resume", out)
        assert result.returncode == 0
        assert said in result.stderr
        assert files_of(out.read_text(), "csv") == [str(tmp_path / "caf\\xe9.flac")]
    for style in STYLES:
        result = run_program("replay", path, "--format", style, "--jobs", 2)
        assert files_of(result.stdout, style) == [str(tmp_path / "caf\\xe9.flac")]


def test_one_file_that_cannot_be_read_keeps_no_other_from_being_heard(tmp_path, short):
    (tmp_path / "folder").mkdir()
    bad = [tmp_path / "absent.wav", tmp_path / "folder", short / "below-a-file.wav"]
    result = run_program("replay", *bad, short, "--format", "csv")
    assert result.returncode == 1
    assert files_of(result.stdout, "csv") == [str(short)]
    assert [str(path) in line for path, line in zip(bad, result.stderr.splitlines(), strict=True)]


AS_NOBODY = """
import os, sys
from moodstream.cli.group import main

bundle, first, *files = sys.argv[1:]
main(["replay", first], standalone_mode=False)  # all modules are loaded now
if os.getuid() == 0:  # root may read everything
    os.setgroups([])
    os.setuid(65534)
main(["replay", "--bundle", bundle, "--format", "csv", *files])
"""


def test_a_file_without_permission_is_told(short):
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        top.chmod(0o755)
        for name in ("secret.wav", "x.wav"):
            shutil.copy(short, top / name)
        bundle = shutil.copytree(disk.shipped(), top / "bundle")
        (top / "secret.wav").chmod(0)
        files = short, top / "secret.wav", top / "x.wav"
        command = [sys.executable, "-c", AS_NOBODY, bundle, *files]
        environment = {**os.environ, "HOME": folder}
        result = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert result.returncode == 1
        rows = result.stdout[result.stdout.index("file,duration") :]
        assert files_of(rows, "csv") == [str(top / "x.wav")]
        assert "secret.wav: permission denied" in result.stderr


def test_what_a_directory_holds_besides_is_told(tmp_path, short):
    (tmp_path / "a.wav").hardlink_to(short)
    (tmp_path / "b.xyz").touch()
    result = run_program("replay", tmp_path)
    assert result.returncode == 0
    assert "1 file passed over: 1 .xyz; " in result.stderr


def test_a_name_cannot_steer_the_terminal(tmp_path):
    path = tmp_path / "a\x1b[2J\nb.wav"
    path.write_text("no audio")
    result = run_program("replay", path)
    assert result.returncode == 1
    assert "\x1b" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path, short):
    for number in range(8):
        (tmp_path / f"{number}.wav").hardlink_to(short)
    command = [*MOODSTREAM, "replay", tmp_path, "--format", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_what_is_not_asked_for_is_not_imported(tmp_path):
    soundfile.write(tmp_path / "silence.wav", np.zeros(16000), 16000)
    command = [sys.executable, "-X", "importtime", "-m", "moodstream", "replay", tmp_path]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    assert "soundfile" in imported
    unwanted = (
        "ssl",
        "asyncio",
        "paho",
        "structlog",
        "multiprocessing",
        "sounddevice",
    )
    assert not {name for name in imported if name.partition(".")[0] in unwanted}
    assert {name for name in imported if name.startswith("moodstream.mqtt")} <= {
        "moodstream.mqtt",
        "moodstream.mqtt.url",  # a setting is checked by it
    }
