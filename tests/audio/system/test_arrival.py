"""Signs that a device or a sound server has come."""

import socket

import pytest

from moodstream.audio.system import arrival


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """An environment, with folders of devices and of sockets."""
    monkeypatch.setattr(arrival, "SOUND", tmp_path / "snd")
    (tmp_path / "snd").mkdir()
    (tmp_path / "pulse").mkdir()
    return {"XDG_RUNTIME_DIR": str(tmp_path)}


def listen(path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def test_a_device_that_comes_goes_or_is_permitted_is_a_sign(machine, tmp_path):
    nothing = arrival.signs(machine)
    card = tmp_path / "snd" / "pcmC1D0c"
    card.touch(0o600)
    forbidden = arrival.signs(machine)
    card.chmod(0o660)
    permitted = arrival.signs(machine)
    assert len({nothing, forbidden, permitted}) == 3
    card.read_bytes()
    assert arrival.signs(machine) == permitted
    card.unlink()
    assert arrival.signs(machine) == nothing


@pytest.mark.parametrize("name", ["pulse/native", "pipewire-0", "elsewhere"])
def test_a_sound_server_that_starts_again_is_a_sign(machine, tmp_path, name):
    path = tmp_path / name
    if name == "elsewhere":
        machine["PULSE_SERVER"] = f"unix:{path}"
    before = arrival.signs(machine)
    listen(path)
    first = arrival.signs(machine)
    path.rename(tmp_path / "old")  # keeps its inode in use
    listen(path)
    assert len({before, first, arrival.signs(machine)}) == 3


def test_a_remote_sound_server_gives_no_signs(machine, tmp_path):
    assert arrival.are_complete(machine)
    listen(tmp_path / "pipewire-0")
    assert not arrival.are_complete(machine)  # sources of a server come without one, too
    assert not arrival.are_complete({**machine, "PULSE_SERVER": "tcp:den.local:4713"})
    assert "PulseAudio" not in arrival.servers({**machine, "PULSE_SERVER": "tcp:den.local"})
