"""Sound devices, sockets and the unit."""

import socket

import pytest

from moodstream.doctor import system as module
from moodstream.doctor.system import judged, system

ACTIVE = {"ActiveState": "active", "NRestarts": "0", "UnitFileState": "enabled", "StatusText": "x"}


@pytest.mark.parametrize(
    ("changes", "kind", "part"),
    [
        ({}, "ok", "runs: x"),
        ({"StatusText": "\x1b[2J"}, "ok", "\N{REPLACEMENT CHARACTER}[2J"),
        ({"NRestarts": "3"}, "warning", "after 3 restarts"),
        ({"UnitFileState": "disabled"}, "warning", "will not start at the next boot"),
        ({"ActiveState": "inactive"}, "warning", "but not running"),
        ({"ActiveState": "failed", "ExecMainStatus": "78"}, "failure", "settings or models"),
        ({"ActiveState": "failed", "SubState": "oom-kill"}, "failure", "failed (oom-kill)"),
    ],
)
def test_a_unit_is_judged_by_its_properties(changes, kind, part):
    finding = judged("the unit", {**ACTIVE, **changes}, ("--user",))
    assert finding.kind == kind
    assert part in finding.what
    assert kind == "ok" or "--user" in finding.todo


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without systemd, whose devices and sockets are in a folder."""
    monkeypatch.setattr(module, "SOUND", tmp_path / "snd")
    monkeypatch.setattr(module.os, "environ", {"XDG_RUNTIME_DIR": str(tmp_path), "PATH": ""})
    (tmp_path / "snd").mkdir()
    return tmp_path


def test_a_machine_without_sound(machine):
    found = [finding.what for finding in system()]
    assert found[0].startswith("no sound card with an input")
    assert found[1] == "no audio server is running: only ALSA offers devices"
    assert found[2] == "systemd is not running, or does not answer"


def test_a_card_and_servers_that_answer_or_do_not(machine):
    (machine / "snd" / "pcmC0D0c").touch()
    with socket.socket(socket.AF_UNIX) as pipewire, socket.socket(socket.AF_UNIX) as pulse:
        pipewire.bind(str(machine / "pipewire-0"))
        pipewire.listen()
        (machine / "pulse").mkdir()
        pulse.bind(str(machine / "pulse" / "native"))  # nobody listens
        card, first, second, _ = system()
    assert card.what.endswith(": pcmC0D0c")
    assert first.what == f"PipeWire listens on {machine / 'pipewire-0'}"
    assert second.kind == "warning"
    assert "Connection refused" in second.what
