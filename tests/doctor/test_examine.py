"""The doctor, called as users call it, on machines that are well and on spoilt ones."""

import os
import re
import shutil
import socket
import subprocess

import numpy as np
import pytest
import soundfile

from moodstream.config.sections import Config
from moodstream.doctor import models, system
from moodstream.doctor.models import budget
from tests.support.examined import Examined
from tests.support.program import MOODSTREAM, program, wait_until
from tests.support.signals import noise


@pytest.fixture
def playing(pulseaudio, tmp_path):
    """Plays noise of a level into the microphone."""
    players = []

    def play(level):
        path = tmp_path / "noise.wav"
        soundfile.write(path, np.clip(noise(300, level=level), -1, 1), 16000, "FLOAT")
        players.append(pulseaudio.play(path))

    yield play
    for player in players:
        player.kill()
        player.wait()


def test_a_machine_that_is_well(pulseaudio, mosquitto, playing, tmp_path):
    settings = tmp_path / "config.toml"
    settings.write_text(f'[mqtt]\nurl = "{mosquitto.url}"\n')
    playing(0.1)
    daemon = subprocess.Popen(
        [*MOODSTREAM, "run", "--config", str(settings)],
        env=pulseaudio.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with mosquitto.subscriber("mood/#", "-F", "%t %p") as lines:
        wait_until(lambda: any("mood/current" in line for line in lines))
        examined = Examined("--config", settings, env=pulseaudio.environment)
        daemon.terminate()
        daemon.wait()
    assert examined.status == 0
    assert examined.text.endswith("All is well.\n")
    assert list(examined.stages) == [
        "Versions", "System", "Settings", "Models", "Microphone", "Broker",
    ]  # fmt: skip
    assert "PortAudio V19" in examined.text
    assert f"settings from {settings}" in examined.text
    assert "self-test passed" in examined.text
    assert "PulseAudio listens on " in examined.text
    device, level = examined.found("Microphone", "ok")
    assert re.match(r"'default' \(ALSA, \d+ Hz\)", device)
    found = float(re.match(r"level (-[\d.]+) dBFS", level)[1])
    assert found == pytest.approx(-21, abs=2)
    *_, there_and_back, retained = examined.found("Broker", "ok")
    assert there_and_back == "a message to mood/doctor came back\n"
    assert "the daemon is online, its retained state: " in retained
    # The daemon was not disturbed, and nothing was left behind.
    assert [line for line in lines if "availability" in line][:1] == ["mood/availability online"]
    assert lines[-1] == "mood/availability offline"
    assert sum("availability" in line for line in lines) == 2
    with mosquitto.subscriber("mood/doctor") as retained:
        assert retained == []


def test_digital_silence_and_clipping_are_told(pulseaudio, playing):
    silent = Examined(env=pulseaudio.environment)
    assert "digital silence" in silent.only("Microphone", "warning")
    assert silent.status == 0
    playing(3.0)
    assert "with clipping" in Examined(env=pulseaudio.environment).only("Microphone", "warning")


def test_a_quiet_room_is_no_fault(pulseaudio, playing):
    playing(0.00003)
    *_, level = Examined(env=pulseaudio.environment).found("Microphone", "ok")
    assert "silence, which ends at -80" in level


def test_no_device_and_no_such_device(pulseaudio):
    examined = Examined()
    assert examined.status == 1
    assert "no default capture device" in examined.only("Microphone", "failure")
    named = Examined("--device", "usb mic", env=pulseaudio.environment)
    assert "no capture device 'usb mic'; there are: 'pulse'" in named.text
    assert "moodstream devices" in named.only("Microphone", "failure")


def test_an_audio_server_that_is_frozen(pulseaudio):
    pulseaudio.freeze()
    examined = Examined(env=pulseaudio.environment)
    assert examined.status == 1
    assert "frozen? Restart it" in examined.only("Versions", "failure")
    assert "frozen? Restart it" in examined.only("Microphone", "failure")
    assert examined.found("Broker", "ok")


def test_an_audio_server_that_died_and_left_its_socket(tmp_path):
    path = tmp_path / "native"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    examined = Examined(env={**os.environ, "PULSE_SERVER": f"unix:{path}"})
    assert f"PulseAudio's socket {path}: Connection refused" in examined.only("System", "warning")


def test_wrong_settings_are_told_and_the_rest_goes_on(tmp_path):
    settings = tmp_path / "config.toml"
    settings.write_text("[mqtt]\nurll = 1\n[audio]\nbuffer_s = 0\n")
    examined = Examined("--config", settings)
    assert examined.status == 1
    found = examined.only("Settings", "failure")
    assert "did you mean 'url'?" in found
    assert "audio.buffer_s" in found
    assert list(examined.stages) == ["Versions", "System", "Settings"]


def test_a_broken_bundle(copied):
    (copied / "cnn.tflite").write_bytes(b"")
    examined = Examined("--bundle", copied)
    assert examined.status == 1
    assert "its sha256 is" in examined.only("Models", "failure")
    assert "no default capture device" in examined.only("Microphone", "failure")
    shutil.rmtree(copied)
    assert "No such file" in Examined("--bundle", copied).only("Models", "failure")


def test_the_budget_is_judged(bundle, monkeypatch):
    assert budget(Config(), bundle).kind == "ok"
    monkeypatch.setattr(models, "BUSY", 1e-6)
    assert budget(Config(), bundle).kind == "warning"
    monkeypatch.setattr(models, "TOO_BUSY", 1e-6)
    assert "raise pipeline.hop_s" in budget(Config(), bundle).todo
    assert budget(Config(), bundle).kind == "failure"


WELL = {
    "LoadState": "loaded",
    "ActiveState": "active",
    "SubState": "running",
    "UnitFileState": "enabled",
    "StatusText": "the mood is calm",
    "NRestarts": "0",
    "ExecMainStatus": "0",
}


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({}, "ok", "runs: the mood is calm"),
        ({"StatusText": "\x1b[2J=calm"}, "ok", "runs: �[2J=calm"),
        ({"NRestarts": "7"}, "warning", "after 7 restarts"),
        ({"UnitFileState": "disabled"}, "warning", "not start at the next boot"),
        ({"ActiveState": "inactive", "SubState": "dead"}, "warning", "but not running"),
        (
            {"ActiveState": "failed", "SubState": "failed", "ExecMainStatus": "78"},
            "failure",
            "settings or models are wrong",
        ),
        ({"ActiveState": "activating", "SubState": "auto-restart"}, "failure", "auto-restart"),
        ({"LoadState": "not-found"}, "ok", "is not installed"),
    ],
)
def test_the_unit_is_judged(tmp_path, monkeypatch, changes, kind, words):
    """As `systemctl show` tells it; of the two systemds, the user's cannot be asked."""
    systemctl = tmp_path / "systemctl"
    shown = "\n".join(f"{key}={value}" for key, value in {**WELL, **changes}.items())
    systemctl.write_text(f'#!/bin/sh\n[ "$1" = show ] || exit 1\ncat <<"."\n{shown}\n.\n')
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    found = [*system.system()][-1]
    assert found.kind == kind
    assert words in found.what


@pytest.mark.parametrize("changes", [{"NRestarts": "7"}, {"ActiveState": "inactive"}])
def test_what_to_do_is_said_for_the_systemd_that_runs_the_unit(tmp_path, monkeypatch, changes):
    systemctl = tmp_path / "systemctl"
    shown = "\n".join(f"{key}={value}" for key, value in {**WELL, **changes}.items())
    systemctl.write_text(f'#!/bin/sh\n[ "$1" = --user ] || exit 1\ncat <<"."\n{shown}\n.\n')
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert re.search(r"(journalctl|systemctl) --user ", [*system.system()][-1].todo)


def test_the_meter_moves_on_a_terminal(pulseaudio, playing):
    playing(0.1)
    command = [program("script"), "--quiet", "--return", "--command"]
    result = subprocess.run(
        [*command, f"{' '.join(MOODSTREAM)} doctor", "/dev/null"],
        env=pulseaudio.environment,
        capture_output=True,
        text=True,
    )
    levels = re.findall(r"listening  [#-]{40} +(-[\d.]+) dBFS", result.stdout)
    assert len(levels) >= 10
    assert float(levels[-1]) == pytest.approx(-21, abs=3)
