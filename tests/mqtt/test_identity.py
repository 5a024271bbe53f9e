"""Client ids: always the same on a machine, and never those of another."""

import re
import subprocess
import sys

import pytest

from moodstream.mqtt import identity
from moodstream.mqtt.connection import guest_id
from moodstream.mqtt.identity import default_client_id


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Make this process believe to be on a machine of another id and serial number."""

    def become(machine_id, serial_number=""):
        for name, content in (("_MACHINE_ID", machine_id), ("_SERIAL_NUMBER", serial_number)):
            path = tmp_path / name
            path.unlink(missing_ok=True)
            if content:
                path.write_text(content)
            monkeypatch.setattr(identity, name, path)

    return become


def test_machines_of_one_name_differ(machine):
    found = set()
    for machine_id, serial_number in (("a", ""), ("b", ""), ("a", "1"), ("a", "2")):
        machine(machine_id, serial_number)
        found |= {default_client_id("mood"), default_client_id("den"), default_client_id("mood")}
    assert len(found) == 8


def test_every_broker_takes_it(machine):
    machine("0123456789abcdef0123456789abcdef\n")
    for name in (default_client_id("mood"), guest_id()):
        assert re.fullmatch("[0-9a-zA-Z-]{1,23}", name)
    assert "0123456789abcdef" not in default_client_id("mood")
    assert guest_id() != guest_id()


def test_a_machine_without_an_id_keeps_one(machine, tmp_path):
    machine("")
    first = default_client_id("mood", tmp_path / "state")
    assert first == default_client_id("mood", tmp_path / "state")
    assert first != default_client_id("mood", tmp_path / "other")
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "state").iterdir()] == [0o600]


def test_a_machine_that_can_keep_nothing_has_one_for_a_while(machine, tmp_path):
    machine("")
    (tmp_path / "file").write_text("")
    assert default_client_id("mood", tmp_path / "file") != default_client_id("mood")
    assert default_client_id("mood").startswith("moodstream-")


def test_it_outlives_the_process():
    code = "from moodstream.mqtt.identity import default_client_id as c; print(c('mood'))"
    runs = [subprocess.check_output([sys.executable, "-c", code]) for _ in range(2)]
    assert runs[0] == runs[1] != b""
