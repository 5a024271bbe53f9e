"""The program as a whole: its commands, and the streams that it is started with."""

import subprocess
from pathlib import Path

import pytest

from moodstream import __version__
from moodstream.cli.training import TRAINING_COMMANDS
from tests.support.program import MOODSTREAM, run_program


def test_version():
    for option in ("--version", "-V"):
        assert run_program(option).stdout == f"moodstream {__version__}\n"


def test_each_command_is_listed_and_explains_itself():
    text = run_program("--help").stdout
    commands = [line.split()[0] for line in text.partition("Commands:\n")[2].splitlines()]
    ours = ["bench", "config", "demo", "devices", "doctor", "homeassistant", "replay", "room"]
    assert {*ours, "run", "watch", *TRAINING_COMMANDS} <= {*commands}
    for command in commands:
        assert run_program(command, "-h").returncode == 0


def test_a_command_that_does_not_exist_is_an_error_of_usage():
    result = run_program("lisen")
    assert result.returncode == 2
    assert "No such command 'lisen'" in result.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_error(closed):
    """As scripts that make daemons start their programs."""
    command = ["sh", "-c", f'exec "$0" "$@" {closed}', *MOODSTREAM, "config"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0
    assert ("[mqtt]" in result.stdout) == (">&-" not in closed.replace("2>&-", ""))


@pytest.mark.parametrize("command", [["config"], ["--help"], ["completion", "bash"]])
def test_a_full_disk_under_standard_output_is_an_error_of_one_line(command):
    with Path("/dev/full").open("w") as full:
        result = run_program(*command, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert result.returncode == 1
    assert result.stderr == "Error: standard output: No space left on device\n"
