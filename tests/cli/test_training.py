"""Commands of the training package, where it is installed and where it is not."""

import subprocess
import sys

import pytest

from moodstream.cli.training import TRAINING_COMMANDS

MISSING = (
    "import importlib.metadata; importlib.metadata.entry_points = lambda **_: (); "
    "from moodstream.cli.group import main; main()"
)


def without_training(*arguments):
    command = [sys.executable, "-c", MISSING, *arguments]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize("name", TRAINING_COMMANDS)
def test_where_it_is_missing_they_say_how_to_install_it(name):
    result = without_training(name, "--data", "x")
    assert (result.returncode, result.stdout) == (1, "")
    assert "pip install ./train" in result.stderr


def test_where_it_is_missing_they_are_listed_all_the_same():
    text = without_training("--help").stdout
    for name in TRAINING_COMMANDS:
        assert f"\n  {name} " in text
    assert text.count("needs the training package") == len(TRAINING_COMMANDS)
