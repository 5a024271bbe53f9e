"""`moodstream doctor` on a terminal and in a pipe; what it examines is tested in tests/doctor."""

import os
import pty
import subprocess

import pytest

from tests.support.program import MOODSTREAM, run_program

NO_DEVICE = {**os.environ, "PULSE_SERVER": "unix:/nonexistent", "TERM": "xterm-256color"}


def on_terminal(environment):
    main, terminal = pty.openpty()
    command = [*MOODSTREAM, "doctor", "--broker", "mqtt://127.0.0.1:1"]
    with subprocess.Popen(command, env=environment, stdout=terminal, stderr=terminal):
        os.close(terminal)
        shown = b""
        while True:
            try:
                more = os.read(main, 65536)
            except OSError:  # the other end is closed
                break
            shown += more
    os.close(main)
    return shown


@pytest.mark.parametrize("wanted", [True, False])
def test_colours_are_for_terminals_whose_owner_wants_them(wanted):
    environment = {**NO_DEVICE, "NO_COLOR": "" if wanted else "1"}
    shown = on_terminal(environment)
    assert b"Microphone" in shown
    assert (b"\x1b[31mfailure" in shown) == wanted
    assert (b"\x1b[1m" in shown) == wanted


def test_in_a_pipe_there_are_none_and_a_failure_is_the_exit_status():
    result = run_program("doctor", "--broker", "mqtt://127.0.0.1:1", env=NO_DEVICE)
    assert result.returncode == 1
    assert "\x1b" not in result.stdout
    assert "failure" in result.stdout
