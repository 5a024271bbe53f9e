"""The units and the settings that come with the package."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from moodstream.service import shipped
from moodstream.service.error import ServiceError
from tests.support.program import program

ROOT = Path(__file__).parents[2]
UNITS = ("moodstream.service", "moodstream-user.service")


def started(text):
    """The words of ExecStart."""
    (line,) = [line for line in text.splitlines() if line.startswith("ExecStart=")]
    return shlex.split(line.removeprefix("ExecStart="))


@pytest.mark.parametrize("name", UNITS)
def test_only_the_program_is_replaced(name):
    original = (ROOT / "systemd" / name).read_text()
    text = shipped.unit(name, Path("/srv/mood/bin/moodstream"))
    assert started(text)[:2] == ["/srv/mood/bin/moodstream", "run"]
    both = zip(original.splitlines(), text.splitlines(), strict=True)
    assert sum(before != after for before, after in both) == 1


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_a_program_with_a_strange_name(name, tmp_path):
    folder = tmp_path / "100%n of my programs"
    folder.mkdir()
    strange = folder / "moodstream"
    strange.symlink_to("/bin/true")
    unit = tmp_path / "moodstream.service"
    unit.write_text(shipped.unit(name, strange))
    whose = "--user" if "user" in name else "--system"
    result = subprocess.run(
        [program("systemd-analyze"), whose, "verify", str(unit)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("character", "\\'\"")
def test_a_program_that_systemd_refuses_is_an_error(character):
    with pytest.raises(ServiceError, match="systemd refuses"):
        shipped.unit("moodstream.service", Path("/srv") / character / "moodstream")


def test_the_settings_are_those_of_the_source_tree():
    assert shipped.settings() == (ROOT / "config.toml").read_text()


def test_the_program_is_the_one_of_this_environment():
    assert shipped.program() == Path(sys.executable).parent / "moodstream"
