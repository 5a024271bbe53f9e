"""The settings, as the doctor sees them."""

import pytest

from moodstream.config.load import load
from moodstream.doctor.configuration import configuration


@pytest.fixture(autouse=True)
def nothing_of_the_testers(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("MOODSTREAM_CONFIG", raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


def examined(path=None, **options):
    config = load(path, {}, {name.replace("__", "."): value for name, value in options.items()})
    return [(finding.kind, finding.what) for finding in configuration(path, config)]


def test_the_file_is_named(tmp_path):
    assert examined() == [("ok", "no settings file, using the defaults")]
    path = tmp_path / ".config" / "moodstream" / "config.toml"
    path.parent.mkdir(parents=True)
    path.touch()
    assert examined() == [("ok", f"settings from {path}")]


@pytest.mark.parametrize(("mode", "is_told"), [(0o600, False), (0o640, True), (0o604, True)])
def test_secrets_that_others_can_read_are_told(tmp_path, mode, is_told):
    secret = tmp_path / "password"
    secret.write_text("hunter2\n")
    secret.chmod(mode)
    found = examined(mqtt__url="mqtt://host", mqtt__username="me", mqtt__password_file=str(secret))
    told = ("warning", f"other users can read the secret in {secret}")
    assert (told in found) == is_told
    assert "hunter2" not in str(found)


def test_a_password_that_cannot_be_read_is_a_failure(tmp_path):
    found = examined(mqtt__url="mqtt://host", mqtt__password_file=str(tmp_path / "absent"))
    assert found[-1][0] == "failure"
    assert "No such file" in found[-1][1]


def test_variables_of_a_container_platform_are_told(monkeypatch):
    monkeypatch.setenv("MOODSTREAM_PORT", "tcp://10.0.0.7:1883")
    assert examined()[1] == ("warning", "environment variables ignored: MOODSTREAM_PORT")
