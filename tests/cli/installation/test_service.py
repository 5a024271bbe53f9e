"""`moodstream service`, with a systemctl that keeps a record in place of a booted systemd.

`make boot-test` installs the service on a machine that has booted.
"""

import os

import pytest

from tests.support.program import run_program

UNIT = "etc/systemd/system/moodstream.service"
SETTINGS = "etc/moodstream/config.toml"


@pytest.fixture
def home(tmp_path):
    """The environment of a user whose systemd cannot be asked."""
    return {**os.environ, "HOME": str(tmp_path / "home"), "XDG_CONFIG_HOME": ""}


def test_a_tree_for_packages_gets_the_unit_and_the_settings_and_names_only_its_own_paths(tmp_path):
    for _ in range(2):
        result = run_program("service", "install", "--root", tmp_path)
        assert result.returncode == 0
        assert "systemctl enable --now moodstream.service" in result.stdout
    assert "[mqtt]" in (tmp_path / SETTINGS).read_text()
    assert str(tmp_path) not in (tmp_path / UNIT).read_text()
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {
        "moodstream.service",
        "moodstream-web.service",
        "config.toml",
    }


def test_settings_are_kept_when_it_is_installed_again_and_removed(tmp_path):
    run_program("service", "install", "--root", tmp_path)
    (tmp_path / SETTINGS).write_text("# mine")
    (tmp_path / UNIT).write_text("# of an older version")
    again = run_program("service", "install", "--root", tmp_path)
    assert "Kept the settings" in again.stdout
    assert "ExecStart=" in (tmp_path / UNIT).read_text()
    for expected in ("Removed ", "There is no "):
        removed = run_program("service", "uninstall", "--root", tmp_path)
        assert removed.returncode == 0
        assert removed.stdout.startswith(expected)
        assert "Your settings remain" in removed.stdout
    assert not (tmp_path / UNIT).exists()
    assert (tmp_path / SETTINGS).read_text() == "# mine"


def test_the_service_of_a_user_lies_in_their_home(home, tmp_path):
    result = run_program("service", "install", "--user", "--no-start", env=home)
    assert result.returncode == 0
    assert "systemctl --user enable --now moodstream.service" in result.stdout
    unit = tmp_path / "home/.config/systemd/user/moodstream.service"
    settings = tmp_path / "home/.config/moodstream/config.toml"
    assert "moodstream run\n" in unit.read_text()
    assert settings.exists()
    status = run_program("service", "status", "--user", env=home)
    assert status.returncode == 3
    assert f"Unit: {unit}\nSettings: {settings}\n" in status.stdout
    run_program("service", "uninstall", "--user", env=home)
    assert not unit.exists()
    assert run_program("service", "status", "--user", env=home).returncode == 4


def test_errors_say_what_to_do(home, tmp_path):
    both = run_program("service", "install", "--user", "--root", tmp_path, env=home)
    assert both.returncode == 1
    assert "--root works only with the system service" in both.stderr
    blocked = tmp_path / "file"
    blocked.write_text("")
    failed = run_program("service", "install", "--user", env={**home, "HOME": str(blocked)})
    assert failed.returncode == 1
    assert "Not a directory" in failed.stderr
