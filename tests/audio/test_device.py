"""Devices are found by names that outlive a boot."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from moodstream.audio import device
from moodstream.audio.device import Device, matching
from moodstream.audio.system import alsa
from tests.support.program import run_program

USB = Device(3, "USB PnP Sound Device: Audio (hw:1,0)", "ALSA", 1, 48000, default=False)
OTHER = replace(USB, index=4, name="HDA Intel: ALC269 (hw:0,0)")
SOURCE = replace(USB, name="alsa_input.usb-1", description="Jabra Speak", source="alsa_input.usb-1")


def named(name: str, *there: Device) -> list[Device]:
    return matching(name, list(there))


def numbered(number: int, port: str = "") -> Device:
    return replace(
        USB, index=number, name=f"USB PnP Sound Device: Audio (hw:{number},0)", port=port
    )


def test_the_listed_name_is_found_under_another_number():
    assert named(USB.name, OTHER, numbered(2)) == [numbered(2)]
    assert named("USB PnP Sound Device: Audio", OTHER, numbered(2)) == [numbered(2)]
    assert named("usb pnp", OTHER, numbered(2)) == [numbered(2)]
    assert named(USB.name, OTHER) == []


def test_the_same_number_comes_before_an_equal_card():
    assert named(numbered(2).name, numbered(1), numbered(2)) == [numbered(2)]


def test_equal_cards_are_told_apart_by_where_they_are_plugged_in():
    there = [numbered(1, "1-1.2"), numbered(2, "1-1.4")]
    assert named(f"{USB.name} @1-1.4", *there) == there[1:]
    assert named("USB PnP Sound Device: Audio @1-1.2", *there) == there[:1]
    assert named("USB PnP @3-1", *there) == []
    assert named("USB PnP", *there) == there


def test_that_cards_are_equal_is_not_said_at_each_try_to_open_one(monkeypatch):
    monkeypatch.setattr(device, "devices", lambda: [numbered(1, "1-1.2"), numbered(2, "1-1.4")])
    with capture_logs() as logs:
        for _ in range(3):
            assert device.find("USB PnP") == numbered(1, "1-1.2")
    assert [entry["ports"] for entry in logs] == ["'@1-1.2', '@1-1.4'"]


def test_a_name_that_holds_an_at_sign_is_found():
    other = replace(USB, name="Speak @ home")
    assert named("Speak @ home", OTHER, other) == [other]
    assert named("speak @ h", OTHER, other) == [other]


def test_a_source_is_found_by_what_desktops_call_it():
    assert named("jabra", SOURCE, OTHER) == [SOURCE]


def test_the_port_of_a_card_is_read_from_the_system(tmp_path, monkeypatch):
    interface = tmp_path / "devices" / "1-1.2:1.0"
    interface.mkdir(parents=True)
    (tmp_path / "card5").mkdir()
    (tmp_path / "card5" / "device").symlink_to(interface)
    monkeypatch.setattr(alsa, "DEVICES", tmp_path)
    assert alsa.port("USB Audio: - (hw:5,0)") == "1-1.2"
    assert alsa.port("USB Audio: - (hw:6,0)") == ""
    assert alsa.port("default") == ""


def test_a_name_that_is_not_utf_8_hides_no_other_device(pulseaudio):
    home = Path(pulseaudio.environment["HOME"])
    (home / ".asoundrc").write_bytes(
        b'pcm."K\xfcche" { type null  hint { show on  description "x" } }\n'
    )
    result = run_program("devices", env=pulseaudio.environment)
    assert result.returncode == 0
    assert "* default" in result.stdout
    assert "K\\xfcche" in result.stdout


def test_sources_of_the_sound_server_are_listed_and_monitors_marked(pulseaudio):
    result = run_program("devices", env=pulseaudio.environment)
    (line,) = [line for line in result.stdout.splitlines() if "room.monitor" in line]
    assert "48000 Hz, 2 channels" in line
    assert "monitor" in line.partition("(")[2]


LISTENS = """
import sys, numpy as np
from moodstream.audio.capture import Capture
from moodstream.audio.device import find
capture = Capture(find(sys.argv[1]), 10)
blocks = [capture.ring.read(2) for _ in range(12)]
print(max(float(np.abs(block.samples).max()) for block in blocks))
capture.close()
"""


@pytest.mark.parametrize("name", ["room.monitor", "room", "Monitor of Null"])
def test_a_chosen_source_is_heard(pulseaudio, tmp_path, recording, name):
    import soundfile  # noqa: PLC0415

    samples, rate = recording
    soundfile.write(tmp_path / "music.wav", samples, rate)
    player = pulseaudio.play(tmp_path / "music.wav")
    try:
        environment = {**pulseaudio.environment, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", LISTENS, name]
        heard = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    finally:
        player.kill()
        player.wait()
    assert float(heard.stdout) > 0.01
