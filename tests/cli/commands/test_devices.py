"""`moodstream devices`, with a sound server and without."""

import os

from tests.support.program import run_program


def test_one_device_is_marked_as_default(pulseaudio):
    result = run_program("devices", env=pulseaudio.environment)
    assert result.returncode == 0
    marked = [line for line in result.stdout.splitlines() if line.startswith("* ")]
    assert len(marked) == 1
    assert "Hz, " in marked[0]


def test_without_a_device_it_says_so_and_fails():
    result = run_program("devices", env={**os.environ, "PULSE_SERVER": "unix:/nonexistent"})
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: no capture device")
