"""`moodstream demo` as a person sees it: each change once, and one line that is rewritten."""

import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from itertools import pairwise

import pytest

from tests.support.program import MOODSTREAM, free_port, wait_until
from tests.support.terminal import shown_on, watching

QUIET = {"PULSE_SERVER": "unix:/nonexistent"}
"""An environment without microphones."""


def test_a_terminal_shows_each_change_once_and_the_present_below():
    arguments = ["--broker", f"embedded://127.0.0.1:{free_port()}"]
    with watching(80, 40, *arguments, command="demo", **QUIET) as demo:
        wait_until(lambda: "warming up" in demo.written, 40)
        time.sleep(3)
        demo.type(b"\x03")
        assert demo.process.wait(5) == 0
        wait_until(lambda: "Ended." in demo.written)
        rows = shown_on(demo.written.replace("^C", ""), 80, 40)
    assert "Ended." in rows
    changes = [row for row in rows if re.match(r"\d\d:\d\d:\d\d ", row)]
    words = [row[10:20].strip() for row in changes]
    assert all(one != other for one, other in pairwise(words))
    assert demo.written.count("\r") > demo.written.count("\n") + 4  # the line was rewritten
    assert "level=" not in demo.written


def test_a_pipe_gets_a_line_for_each_change():
    command = [*MOODSTREAM, "demo", "--broker", f"embedded://127.0.0.1:{free_port()}"]
    with subprocess.Popen(
        command, env={**os.environ, **QUIET}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as demo:
        lines = [demo.stdout.readline().decode() for _ in range(6)]
        address = lines[2].split()[-1]
        with urllib.request.urlopen(f"{address}about", timeout=9) as page:
            assert json.load(page)["rooms"] == ["mood"]
        demo.send_signal(signal.SIGTERM)
        rest, errors = demo.communicate(timeout=10)
    assert lines[0].startswith("No microphone")
    assert "warming up" in lines[5]
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address)
    assert rest.decode().endswith("Ended.\n")
    assert errors == b""


@pytest.mark.parametrize("ending", [signal.SIGHUP, signal.SIGKILL])
def test_the_page_ends_with_a_demo_that_cannot_end_it(ending):
    command = [*MOODSTREAM, "demo", "--broker", f"embedded://127.0.0.1:{free_port()}"]
    with subprocess.Popen(command, env={**os.environ, **QUIET}, stdout=subprocess.PIPE) as demo:
        address = [demo.stdout.readline().decode() for _ in range(3)][2].split()[-1]
        with urllib.request.urlopen(f"{address}about", timeout=9) as page:
            assert page.status == 200
        demo.send_signal(ending)
        demo.wait(10)
    wait_until(lambda: not listens(address))


def listens(address):
    try:
        urllib.request.urlopen(address, timeout=9).close()
    except urllib.error.URLError:
        return False
    return True


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["demo", "watch"])
def test_closed_streams_are_no_traceback(command, closed):
    program = " ".join([*MOODSTREAM, command, f"--broker embedded://127.0.0.1:{free_port()}"])
    result = subprocess.run(
        ["timeout", "--signal", "INT", "4", "sh", "-c", f"exec {program} {closed}"],
        env={**os.environ, **QUIET},
        capture_output=True,
        timeout=20,
    )
    assert b"Traceback" not in result.stderr + result.stdout
