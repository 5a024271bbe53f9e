"""Guests beside a daemon, whichever comes first: they harm nothing that is the daemon's."""

import json
import os
import signal
import subprocess
from contextlib import contextmanager

import pytest
import soundfile

from moodstream.audio.demo import RECORDING
from moodstream.mqtt.guest import refuse_if_held
from moodstream.mqtt.trouble import BrokerError
from tests.support.program import MOODSTREAM, run_program, wait_until

QUIET = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
"""An environment without microphones."""


@pytest.fixture
def short(tmp_path):
    samples, rate = soundfile.read(RECORDING, frames=8 * 48000)
    soundfile.write(tmp_path / "short.wav", samples, rate)
    return tmp_path / "short.wav"


@contextmanager
def running(*arguments):
    process = subprocess.Popen(
        [*MOODSTREAM, *map(str, arguments)],
        env=QUIET,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=20)
        assert "Traceback" not in output


def test_a_free_prefix_is_free(mosquitto):
    refuse_if_held(mosquitto.connection(), "mood")
    mosquitto.publish("mood/availability", "offline", "-r")
    refuse_if_held(mosquitto.connection(), "mood")
    mosquitto.publish("mood/availability", "online", "-r")
    refuse_if_held(mosquitto.connection(), "den")
    with pytest.raises(BrokerError, match="--prefix"):
        refuse_if_held(mosquitto.connection(), "mood")
    mosquitto.kill()
    refuse_if_held(mosquitto.connection(), "mood")  # it will be found out later


def test_guests_that_come_second_are_refused(mosquitto, short):
    broker = ["--broker", mosquitto.url]
    with mosquitto.subscriber("mood/#", "-F", "%t %p") as lines:
        with running("run", *broker):
            wait_until(lambda: "mood/availability online" in lines)
            replay = run_program("replay", "--publish", short, *broker)
            demo = run_program("demo", *broker, env=QUIET)
            run_program("doctor", *broker, env=QUIET)
            with running("watch", *broker) as watch:
                assert watch.stdout.readline() == "broker: connected\n"
                assert watch.stdout.readline().startswith("mood/")
        wait_until(lambda: lines[-1] == "mood/availability offline")
    for refused in (replay, demo):
        assert refused.returncode == 1
        assert "a daemon publishes to mood/" in refused.stderr
        assert "--prefix" in refused.stderr
    assert [line for line in lines if "availability" in line] == [
        "mood/availability online",
        "mood/availability offline",
    ]
    states = [json.loads(line.split(" ", 1)[1]) for line in lines if "/current" in line]
    assert {state["status"] for state in states} == {"no_audio"}


@pytest.mark.parametrize(
    "guest", [["replay", "--publish", "--realtime", RECORDING], ["demo"]], ids=["replay", "demo"]
)
def test_a_daemon_that_comes_second_is_not_harmed(mosquitto, guest):
    broker = ["--broker", mosquitto.url]
    with mosquitto.subscriber("mood/#", "-F", "%t %p") as lines, running(*guest, *broker):
        wait_until(lambda: any("/current" in line for line in lines), 40)
        with mosquitto.subscriber("mood/#") as retained:
            mosquitto.publish("mood/health", "x")
            wait_until(lambda: "x" in retained)
        assert not any("online" in line for line in retained)
        with running("run", *broker):
            wait_until(lambda: "mood/availability online" in lines)
            seen = len(lines)
            wait_until(lambda: sum("/current" in line for line in lines[seen:]) > 4)
            with mosquitto.subscriber("mood/current", "-F", "%r %p") as states:
                wait_until(lambda: states)
            assert states[0].startswith("1 ")
            assert json.loads(states[0][2:])["status"] == "no_audio"
        # The guest has left after the daemon, and said nothing about availability.
    assert [line.split()[1] for line in lines if "availability" in line] == ["online", "offline"]


def test_a_guest_leaves_nothing_behind(mosquitto, short):
    assert run_program("replay", "--publish", short, "--broker", mosquitto.url).returncode == 0
    with mosquitto.subscriber("#") as lines:
        assert lines == []
