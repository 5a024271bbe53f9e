"""The end of a daemon comes within 5 s of a signal, whatever else does not answer."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from tests.daemon.test_run import daemon
from tests.support.program import MOODSTREAM, wait_until
from tests.support.several import run, settings

NO_DEVICE = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
LATEST_S = 5
STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    os.write(1, bytes(1600))
    time.sleep(0.05)
"""
"""Writes samples, and is deaf to SIGTERM."""


@pytest.fixture
def silent():
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@contextmanager
def black_hole():
    """A port at which connections neither succeed nor fail."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(server.getsockname())
        yield server.getsockname()[1]
        for filler in fillers:
            filler.close()


@pytest.fixture
def full_pipe():
    """The end of a pipe that nobody reads any more."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    for size in (1 << 16, 1):
        while True:
            try:
                os.write(writer, bytes(size))
            except BlockingIOError:
                break
    os.set_blocking(writer, True)
    yield writer
    os.close(reader)
    os.close(writer)


def test_sources_and_a_broker_that_are_frozen_do_not_add_up(mosquitto, silent, tmp_path, full_pipe):
    (tmp_path / "stubborn.py").write_text(STUBBORN)
    tables = (
        {"name": "camera", "url": f"http://127.0.0.1:{silent}/"},
        {"name": "command", "command": f"{sys.executable} {tmp_path}/stubborn.py"},
    )
    command = run(settings(tmp_path, mosquitto.url, *tables), "--states")
    environment = {**NO_DEVICE, "STATE_DIRECTORY": str(tmp_path / "state")}
    with (
        mosquitto.subscriber("house/command/availability") as availability,
        subprocess.Popen(command, env=environment, stdout=full_pipe, stderr=full_pipe) as process,
    ):
        wait_until(lambda: availability == ["online"])
        time.sleep(1)
        mosquitto.freeze()
        begun_s = time.monotonic()
        process.terminate()
        assert process.wait(20) == 0
        assert time.monotonic() - begun_s < LATEST_S
        mosquitto.thaw()


@pytest.mark.parametrize("command", ["run", "demo", "watch"])
def test_a_broker_that_cannot_be_reached_is_not_waited_for(command):
    with black_hole() as port:
        options = ["--broker", f"mqtt://127.0.0.1:{port}"]
        with subprocess.Popen(
            [*MOODSTREAM, command, *options],
            env=NO_DEVICE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            time.sleep(2)
            begun_s = time.monotonic()
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=20)
            assert time.monotonic() - begun_s < LATEST_S
    assert process.returncode == 0
    assert "Traceback" not in errors


def test_a_frozen_sound_server_and_a_frozen_broker_do_not_add_up(mosquitto, pulseaudio, tmp_path):
    command = [*MOODSTREAM, "run", "--broker", mosquitto.url]
    with (
        mosquitto.subscriber("mood/availability") as availability,
        daemon(command, pulseaudio.environment, tmp_path) as (process, _),
    ):
        wait_until(lambda: availability == ["online"])
        time.sleep(2)
        pulseaudio.freeze()
        mosquitto.freeze()
        begun_s = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        assert time.monotonic() - begun_s < LATEST_S
        mosquitto.thaw()
        pulseaudio.thaw()
