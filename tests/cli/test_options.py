"""Options that override settings, whatever the command."""

import pytest

from tests.support.program import run_program


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--device", "usb"], 'device = "usb"'),
        (["--broker", "mqtts://host"], 'url = "mqtts://host"'),
        (["--prefix", "den/mood"], 'prefix = "den/mood"'),
        (["--hop", "2"], "hop_s = 2.0"),
        (["--log-level", "error"], 'level = "error"'),
    ],
)
def test_an_option_ranks_above_the_environment_and_the_file(tmp_path, options, line):
    path = tmp_path / "config.toml"
    path.write_text('[audio]\ndevice = "file"\n[pipeline]\nhop_s = 5.0\n[log]\nlevel = "debug"\n')
    environment = {"PATH": "", "MOODSTREAM_AUDIO_DEVICE": "environment"}
    result = run_program("config", "--config", path, *options, env=environment)
    assert line in result.stdout.splitlines()


def test_mistakes_are_reported_together_with_exit_status_78(tmp_path):
    result = run_program("config", "-c", tmp_path / "absent", "--hop", "99", "--broker", "ftp://x")
    assert result.returncode == 78
    for part in ("absent: No such file", "pipeline.hop_s", "mqtt.url"):
        assert part in result.stderr


def test_the_level_of_the_log_is_that_of_the_option(tmp_path):
    environment = {"PATH": "", "HOME": str(tmp_path), "MOODSTREAM_PORT": "tcp://10.0.0.7:1883"}
    assert "environment variables" in run_program("config", env=environment).stderr
    assert run_program("config", "--log-level", "error", env=environment).stderr == ""
