"""The manual page, made from the commands."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import program, run_program

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def page():
    command = [sys.executable, ROOT / "packaging" / "man_page.py"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_each_command_is_there(page):
    text = run_program("--help").stdout.partition("Commands:\n")[2]
    commands = {line.split()[0] for line in text.splitlines()} - {"train", "evaluate", "export"}
    assert {"run", "service", "completion"} <= commands
    for command in commands:
        assert f".SS moodstream {command} " in page
    assert ".SS moodstream service install " in page
    assert "\\-\\-no\\-start" in page


def test_man_prints_it_without_a_complaint(page, tmp_path):
    path = tmp_path / "moodstream.1"
    path.write_text(page)
    result = subprocess.run(
        [program("man"), "--warnings", "--local-file", path],
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "80"},
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "moodstream - hear the mood of a room and publish it over MQTT" in result.stdout
    assert "bash: moodstream completion bash >" in result.stdout
