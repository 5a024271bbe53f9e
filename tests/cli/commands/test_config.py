"""`moodstream config`: the settings in force, and where they come from."""

import tomllib

import pytest

from tests.support.program import run_program


@pytest.fixture
def home(tmp_path):
    return {"PATH": "", "HOME": str(tmp_path)}


def test_it_names_the_file_and_prints_what_can_be_read_again(home, tmp_path):
    path = tmp_path / ".config" / "moodstream" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[mqtt]\nprefix = "den"\npassword = "hunter2"\n')
    result = run_program("config", "--hop", "1", env=home)
    assert result.returncode == 0
    assert result.stdout.startswith(f"# Settings file: {path}\n")
    tree = tomllib.loads(result.stdout)
    assert tree["mqtt"]["prefix"] == "den"
    assert tree["pipeline"]["hop_s"] == 1.0
    assert "hunter2" not in result.stdout
    assert "# open_dbfs = -" in result.stdout


def test_without_a_file_it_says_where_it_has_looked(home, tmp_path):
    result = run_program("config", env={**home, "MOODSTREAM_AUDIO_NAME": "den"})
    first, second, *_ = result.stdout.splitlines()
    assert first.startswith(f"# Settings file: none; looked for {tmp_path}/.config/moodstream/")
    assert second == "# Environment variables: MOODSTREAM_AUDIO_NAME"


def test_thresholds_that_contradict_each_other_or_the_bundle_are_found(home):
    both = {"MOODSTREAM_SILENCE_OPEN_DBFS": "-60", "MOODSTREAM_SILENCE_CLOSE_DBFS": "-50"}
    for environment in (both, {"MOODSTREAM_SILENCE_OPEN_DBFS": "-100"}):
        result = run_program("config", env={**home, **environment})
        assert result.returncode == 78
        assert "is above open_dbfs" in result.stderr


def test_a_bundle_that_cannot_be_read_is_a_warning(home, tmp_path):
    result = run_program("config", "--bundle", tmp_path, env=home)
    assert result.returncode == 0
    assert "# open_dbfs: from the bundle" in result.stdout
    assert "Warning: the bundle cannot be read" in result.stderr
