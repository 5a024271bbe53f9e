import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
import soundfile

from tests.support.encoded import encoded, tones
from tests.support.program import MOODSTREAM, run_program, wait_until
from tests.support.replays import replayed
from tests.support.signals import noise


def test_realtime_is_as_slow_as_the_sound(tmp_path):
    path = tmp_path / "short.wav"
    soundfile.write(path, noise(2), 16000)
    _, lines = replayed(path, "--realtime")
    times = [line["time"] for line in lines if line["type"] == "state"]
    assert times[0] > "2020"
    assert len(set(times)) == 4


def test_it_can_be_interrupted(short):
    command = [*MOODSTREAM, "replay", str(short), "--realtime", "--format", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline()
        process.send_signal(2)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in errors


def heeds_sigterm(pid: int) -> bool:
    """Whether a process has a handler: without one it would end by the signal itself."""
    caught = re.search(r"SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text())
    return bool(int(caught[1], 16) >> (signal.SIGTERM - 1) & 1)


def test_a_read_that_does_not_return_ends_with_a_signal(tmp_path):
    """A pipe that nobody writes to, and one that stops in the middle of an MP3."""
    fifo, pipe = tmp_path / "fifo", os.pipe()
    os.mkfifo(fifo)
    os.write(pipe[1], encoded(tones(10), "MP3")[:50_000])
    options = {"stderr": subprocess.PIPE, "stdout": subprocess.PIPE, "stdin": pipe[0]}
    waiting = [subprocess.Popen([*MOODSTREAM, "replay", name], **options) for name in (fifo, "-")]
    for process in waiting:
        wait_until(lambda process=process: heeds_sigterm(process.pid))
    time.sleep(1)  # long enough to begin to read; too early they would end all the same
    for process, number in zip(waiting, (signal.SIGTERM, signal.SIGINT), strict=True):
        process.send_signal(number)
    for process in waiting:
        _, errors = process.communicate(timeout=10)
        assert process.returncode == 130
        assert errors == b"Error: stopped while a read did not return\n"
    os.close(pipe[1])


def test_a_complaint_that_nobody_can_be_told_costs_no_result(short):
    with Path("/dev/full").open("w") as full:
        command = [*MOODSTREAM, "replay", "/nothing.wav", str(short), "--format", "csv"]
        result = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=full)
    assert result.returncode == 1
    assert len(result.stdout.splitlines()) == 2


def test_it_publishes(mosquitto, short):
    with mosquitto.subscriber("room/#", "-F", "%t %p") as lines:
        result = run_program(
            "replay", short, "--publish", "--broker", mosquitto.url, "--prefix", "room"
        )
        assert result.returncode == 0
        wait_until(
            lambda: any(line.startswith("room/event ") and "no_audio" in line for line in lines)
        )
    # A guest leaves a daemon's availability and its retained state alone.
    assert {line.split()[0] for line in lines} <= {"room/event", "room/current"}
    events = [json.loads(line[11:]) for line in lines if line.startswith("room/event ")]
    _, expected = replayed(short)
    expected = [line for line in expected if line["type"] == "event"]
    for event in expected:
        del event["type"], event["file"]
    assert events[: len(expected)] == expected
    assert events[-1]["status"] == "no_audio"  # nothing that is no longer heard is left behind


def test_usage_errors():
    assert run_program("replay").returncode == 2
    assert run_program("replay", "x.wav", "--format", "xml").returncode == 2
    assert run_program("nonsense").returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("--jobs", "-1"),
        ("--jobs", "many"),
        ("--jobs", "2", "--adapt"),
        ("--jobs", "0", "--realtime"),
        ("--jobs", "2", "--publish"),
        ("--resume", "out"),
        ("--resume", "out", "--format", "csv", "--adapt"),
    ],
)
def test_what_contradicts_itself_is_a_usage_error(tmp_path, arguments):
    result = run_program("replay", "x.wav", *arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert "--" in result.stderr
    assert not [*tmp_path.iterdir()]


def test_the_help_names_every_option():
    text = run_program("replay", "--help").stdout
    for option in ("--format", "--summary", "--realtime", "--publish", "--adapt", "--resume"):
        assert option in text
