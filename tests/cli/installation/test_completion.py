"""`moodstream completion`, in the shells themselves."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import program, run_program

BASH = """
_init_completion() { :; }
eval "$(moodstream completion bash)"
COMP_WORDS=(moodstream serv) COMP_CWORD=1
_moodstream_completion moodstream serv moodstream
echo "${COMPREPLY[@]}"
COMPREPLY=()
COMP_WORDS=(moodstream service install --n) COMP_CWORD=3
_moodstream_completion moodstream --n install
echo "${COMPREPLY[@]}"
"""


def test_bash_completes_commands_and_options():
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    result = subprocess.run(
        [program("bash"), "--norc", "-c", BASH],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert (result.stderr, result.stdout) == ("", "service\n--no-start\n")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_have_a_script(shell):
    text = run_program("completion", shell).stdout
    assert f"_MOODSTREAM_COMPLETE={shell}_complete" in text


def test_another_shell_is_an_error_of_usage():
    assert run_program("completion", "tcsh").returncode == 2
