"""Devices that another program holds, as the kernel shows them."""

import pytest

from moodstream.audio import busy


@pytest.fixture
def proc(tmp_path, monkeypatch):
    """A tree as the kernel makes it: one card, one capture stream, and a program."""
    monkeypatch.setattr(busy, "PROC", tmp_path)
    stream = tmp_path / "asound" / "card1" / "pcm0c" / "sub0"
    stream.mkdir(parents=True)
    (tmp_path / "asound" / "card1" / "id").write_text("Device\n")
    (tmp_path / "4711").mkdir()
    (tmp_path / "4711" / "comm").write_text("arecord\n")
    return tmp_path


def test_the_program_that_holds_a_device_is_named(proc):
    status = proc / "asound" / "card1" / "pcm0c" / "sub0" / "status"
    status.write_text("state: RUNNING\nowner_pid   : 4711\ntrigger_time: 1.2\n")
    assert busy.busy() == "sound card 'Device' is busy: 'arecord' (process 4711) holds it"
    (proc / "4711" / "comm").unlink()  # hidden from services
    assert busy.busy() == "sound card 'Device' is busy: process 4711 holds it"


def test_a_device_that_is_free_is_not_busy(proc):
    (proc / "asound" / "card1" / "pcm0c" / "sub0" / "status").write_text("closed\n")
    assert busy.busy() == ""


def test_a_machine_without_sound_has_no_busy_devices(tmp_path, monkeypatch):
    monkeypatch.setattr(busy, "PROC", tmp_path)
    assert busy.busy() == ""
