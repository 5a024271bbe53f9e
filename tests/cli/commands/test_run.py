"""`moodstream run` as scripts, pipes and full disks meet it; what it hears: tests/daemon."""

import fcntl
import json
import os
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.program import MOODSTREAM, run_program, wait_until

NO_DEVICE = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}


@contextmanager
def running(broker, tmp_path, **streams):
    environment = {**NO_DEVICE, "STATE_DIRECTORY": str(tmp_path / "state")}
    command = [*MOODSTREAM, "run", "--states", "--hop", "0.125", "--broker", broker.url]
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, **streams}
    with subprocess.Popen(command, env=environment, **options) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_pipe_that_nobody_reads_stops_nothing(mosquitto, tmp_path):
    read, write = os.pipe()
    fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
    while True:  # until it is full
        os.set_blocking(write, False)
        try:
            os.write(write, b"x" * 512)
        except BlockingIOError:
            break
    os.set_blocking(write, True)
    with (
        mosquitto.subscriber("mood/current") as states,
        mosquitto.subscriber("mood/availability") as availability,
        running(mosquitto, tmp_path, stdout=write, stderr=write) as process,
    ):
        wait_until(lambda: len(states) >= 4)
        assert availability == ["online"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(8) == 0
        wait_until(lambda: availability[-1] == "offline")
    os.close(read)
    os.close(write)


def test_a_reader_that_leaves_stops_nothing_and_is_counted(mosquitto, tmp_path):
    """As `moodstream run | head -1` does."""
    read, write = os.pipe()
    with (
        mosquitto.subscriber("mood/current") as states,
        running(mosquitto, tmp_path, stdout=write, stderr=subprocess.PIPE) as process,
    ):
        os.close(write)
        assert json.loads(os.read(read, 65536).splitlines()[0])["status"] == "no_audio"
        os.close(read)
        before = len(states)
        wait_until(lambda: len(states) >= before + 3)
        process.send_signal(signal.SIGTERM)
        _, logs = process.communicate(timeout=8)
        assert process.returncode == 0
    (lost,) = [line for line in map(json.loads, logs.splitlines()) if "standard" in line["event"]]
    assert lost["lost"] >= 3


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_full_disk_stops_nothing(mosquitto, tmp_path, stream):
    with (
        Path("/dev/full").open("wb") as full,
        mosquitto.subscriber("mood/current") as states,
        running(mosquitto, tmp_path, **{stream: full}) as process,
    ):
        wait_until(lambda: len(states) >= 4)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(8) == 0


def test_without_a_microphone_the_log_stays_short(mosquitto, tmp_path):
    with (
        (tmp_path / "err").open("wb") as err,
        mosquitto.subscriber("mood/current") as states,
        running(mosquitto, tmp_path, stderr=err),
    ):
        wait_until(lambda: len(states) > 0)

        def waits():
            said = [json.loads(line) for line in (tmp_path / "err").read_text().splitlines()]
            return [line["retry_s"] for line in said if line["event"] == "no audio"]

        wait_until(lambda: len(waits()) > 1, 60)  # tries after 1, 3, 8 and 18 seconds
    assert waits() == [1.0, 300.0]


def test_settings_that_are_wrong_are_an_exit_status_of_78(tmp_path):
    for options in (["--bundle", tmp_path], ["--hop", "0"]):
        assert run_program("run", *options, env=NO_DEVICE).returncode == 78
