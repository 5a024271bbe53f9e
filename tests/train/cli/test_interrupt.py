"""Ctrl-C in a whole program: it stops at once, and the same command goes on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = """
import sys
sys.path.insert(0, {root!r})
from tests.train.conftest import TINY
from moodstream_train.recipes import RECIPES
from moodstream_train.cli.train import train
from moodstream_train.corpora import noise
noise.COUNT, noise.SECONDS = 10, 1
RECIPES["shipped"] = TINY
if __name__ == "__main__":
    train()
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(root=str(Path(__file__).parents[3])))
    return path


@pytest.mark.parametrize("until", ["clips, to train", "cnn: epoch 1/2"])
def test_it_stops_at_once_and_names_the_command_that_goes_on(
    program: Path, shipped_data: Path, tmp_path: Path, until: str
) -> None:
    arguments = ("--data", shipped_data, "--run", tmp_path / "run", "--cache", tmp_path / "cache")
    command = [sys.executable, program, *map(str, arguments), "--part", "fold-0"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            if until in line:
                break
        began_s = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all processes of the group
        rest = process.stdout.read()
        assert process.wait() == 130
        taken_s = time.monotonic() - began_s
        noise = process.stderr.read()
    assert f"moodstream --data {shipped_data}" in rest
    assert "To go on:" in rest
    assert "Traceback" not in rest + noise
    assert taken_s < 30  # two seconds on an idle machine
    assert not list(tmp_path.rglob("*.part"))
