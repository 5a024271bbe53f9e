"""Environments of other programs, made with a real pip and a small package, without a network."""

import json
import subprocess
import sys
import zipfile
from dataclasses import fields
from pathlib import Path

import pytest
import soundfile

from benchmarks.compared.environments import environment
from benchmarks.compared.hearing import Hearing
from benchmarks.process import Missing
from moodstream.bundle.disk import shipped
from tests.support.signals import noise

ROOT = Path(__file__).parents[3]

MODULE = "# " + 100_000 * "x"


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    path = tmp_path / "thing-1.5-py3-none-any.whl"
    about = "thing-1.5.dist-info"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("thing.py", MODULE)
        file.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: thing\nVersion: 1.5\n")
        file.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        file.writestr(f"{about}/RECORD", "")
    return path


def test_has_what_was_asked_for_and_nothing_of_ours(tmp_path: Path, wheel: Path) -> None:
    found = environment(tmp_path / "peers", str(wheel), "thing")
    assert found.versions(("thing",)) == "thing 1.5"
    assert len(MODULE) / 1e6 < found.mb < 2 * len(MODULE) / 1e6
    script = "import importlib.util as u; print(*map(bool, map(u.find_spec, ('thing', 'numpy'))))"
    command = [found.python, "-I", "-c", script]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "True False\n"


def test_is_made_once(tmp_path: Path, wheel: Path) -> None:
    before = environment(tmp_path / "peers", str(wheel), "thing")
    wheel.unlink()
    assert environment(tmp_path / "peers", str(wheel), "thing") == before


def test_one_that_was_not_finished_is_made_anew(tmp_path: Path, wheel: Path) -> None:
    with pytest.raises(Missing, match=r"thing cannot be installed: ERROR: .*thing"):
        environment(tmp_path / "peers", "thing", "thing")
    assert environment(tmp_path / "peers", str(wheel), "thing").versions(("thing",)) == "thing 1.5"


def test_others_hear_without_any_of_our_code(tmp_path: Path) -> None:
    path = tmp_path / "two-seconds.wav"
    soundfile.write(path, noise(2), 16000, "PCM_16")
    script = """
import sys
sys.modules.update(dict.fromkeys(("moodstream", "soundfile")))  # not to be imported
from benchmarks.compared.measured import half_seconds, samples
pieces, windows = half_seconds.pieces(), samples.windows()
assert b"".join(pieces) == half_seconds.pcm and len(windows) == len(pieces) == 4
assert (windows[-1][-32000:] == samples.samples).all() and not windows[-1][:-32000].any()
half_seconds.report(len, pieces)
"""
    command = [sys.executable, "-c", script, str(shipped()), str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout).keys() == {f.name for f in fields(Hearing)}
