"""Each setting: its default, its bounds, and what contradicts another."""

from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints

import pytest

from moodstream.config.load import load
from moodstream.config.sections import Config, ConfigError

SETTINGS = [
    (section.name, key, get_type_hints(section.type)[key.name])
    for section in fields(Config)
    if is_dataclass(section.type)
    for key in fields(section.type)
]
NUMBERS = [
    (section, key.name, key.metadata["low"], key.metadata["high"])
    for section, key, kind in SETTINGS
    if "low" in key.metadata and kind in (int, float, float | None)
]


def configured(**values: Any) -> Config:
    return load(None, {}, {name.replace("__", "."): value for name, value in values.items()})


def test_the_numbers_are_all_bounded():
    assert len(NUMBERS) >= 13
    unbounded = [key.name for _, key, kind in SETTINGS if kind in (int, float) and not key.metadata]
    assert unbounded == []


@pytest.mark.parametrize(("section", "name", "low", "high"), NUMBERS)
def test_bounds_are_included_and_nothing_beyond_them(section, name, low, high):
    setting = f"{section}.{name}"
    for value in (low, high):
        try:
            found = load(None, {}, {setting: value})
        except ConfigError as error:  # with another setting it may contradict
            assert "is above" in str(error)
        else:
            assert getattr(getattr(found, section), name) == value
    for value in (low - 1, high + 1):
        with pytest.raises(ConfigError, match=setting.replace(".", r"\.")):
            load(None, {}, {setting: value})


def test_every_setting_can_be_given_by_the_environment():
    given = {
        "MOODSTREAM_AUDIO_CHANNELS": "2, 0",
        "MOODSTREAM_AUDIO_DEVICE": "007",
        "MOODSTREAM_PIPELINE_HOP_S": "1",
        "MOODSTREAM_HOMEASSISTANT_DISCOVERY": "true",
        "MOODSTREAM_MQTT_KEEPALIVE_S": "60",
    }
    found = load(None, given, {})
    assert found.audio.channels == (2, 0)
    assert found.audio.device == "007"
    assert found.pipeline.hop_s == 1.0
    assert found.homeassistant.discovery is True
    assert found.mqtt.keepalive_s == 60
    assert load(None, {"MOODSTREAM_AUDIO_CHANNELS": ""}, {}).audio.channels == ()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"audio__channels": [0, 0]}, "contains a channel twice"),
        ({"audio__channels": [-1]}, r"audio.channels\[0\]: must be between 0 and 63"),
        ({"audio__channels": ["left"]}, r"audio.channels\[0\]: expected a whole number"),
        ({"audio__channels": 1}, "expected a list"),
        ({"silence__open_dbfs": -60.0, "silence__close_dbfs": -50.0}, "-50 is above open_dbfs -60"),
        ({"smoothing__confident": 0.4, "smoothing__doubtful": 0.5}, "0.5 is above confident 0.4"),
        ({"mqtt__password": "a", "mqtt__password_file": "b"}, "both set"),
        ({"mqtt__prefix": "/mood"}, "topic"),
        ({"homeassistant__prefix": ""}, "topic"),
        ({"log__level": "loud"}, "debug"),
    ],
)
def test_what_contradicts_itself_is_found_at_load(values, message):
    with pytest.raises(ConfigError, match=message):
        configured(**values)


def test_thresholds_that_agree_are_taken():
    found = configured(silence__open_dbfs=-60.0, silence__close_dbfs=-60.0)
    assert found.silence.close_dbfs == -60.0
