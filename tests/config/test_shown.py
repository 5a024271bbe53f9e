"""The configuration as it is printed."""

import tomllib
from pathlib import Path

import pytest

from moodstream.config.load import load, places
from moodstream.config.sections import Config, ConfigError, SilenceConfig
from moodstream.config.shown import origin, shown


def test_values_of_the_bundle_are_named_as_such_and_are_no_settings(bundle):
    text = shown(Config(silence=SilenceConfig(hold_s=7.5)), bundle.card)
    assert f"# open_dbfs = {bundle.card.silence.open_dbfs}  # from the bundle" in text
    assert "hold_s = 7.5\n" in text
    tree = tomllib.loads(text)
    assert tree["silence"] == {"hold_s": 7.5}
    assert tree["smoothing"] == {}
    assert "# open_dbfs: from the bundle" in shown(Config())


def test_settings_that_contradict_the_bundle_are_refused(bundle):
    config = Config(silence=SilenceConfig(open_dbfs=-110.0))
    with pytest.raises(ConfigError, match="is above open_dbfs -110"):
        shown(config, bundle.card)


def test_the_file_and_the_variables_are_named(tmp_path):
    environment = {"HOME": str(tmp_path), "MOODSTREAM_AUDIO_NAME": "den", "OTHER": ""}
    looked_for = ", ".join(map(str, places(environment)))
    assert origin(None, environment).splitlines() == [
        f"# Settings file: none; looked for {looked_for}",
        "# Environment variables: MOODSTREAM_AUDIO_NAME",
    ]
    path = tmp_path / ".config" / "moodstream" / "config.toml"
    path.parent.mkdir(parents=True)
    path.touch()
    assert origin(None, {"HOME": str(tmp_path)}) == f"# Settings file: {path}"
    assert origin(Path("/x.toml"), environment).startswith("# Settings file: /x.toml\n")
    assert origin(None, {"MOODSTREAM_CONFIG": "/y.toml"}) == "# Settings file: /y.toml"


def test_lists_can_be_read_again(tmp_path):
    config = load(None, {}, {"audio.channels": [1, 3]})
    path = tmp_path / "config.toml"
    path.write_text(shown(config))
    assert load(path, {}, {}) == config
