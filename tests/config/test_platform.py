"""Variables that Kubernetes and Docker set for a service called moodstream."""

from dataclasses import fields, is_dataclass

import pytest

from moodstream.config.load import load
from moodstream.config.platform import injected
from moodstream.config.sections import Config
from tests.support.program import run_program

KUBERNETES = {
    "MOODSTREAM_SERVICE_HOST": "10.0.0.7",
    "MOODSTREAM_SERVICE_PORT": "1883",
    "MOODSTREAM_SERVICE_PORT_MQTT": "1883",
    "MOODSTREAM_PORT": "tcp://10.0.0.7:1883",
    "MOODSTREAM_PORT_1883_TCP": "tcp://10.0.0.7:1883",
    "MOODSTREAM_PORT_1883_TCP_PROTO": "tcp",
    "MOODSTREAM_PORT_1883_TCP_PORT": "1883",
    "MOODSTREAM_PORT_1883_TCP_ADDR": "10.0.0.7",
    "MOODSTREAM_MQTT_SERVICE_HOST": "10.0.0.8",  # another service, called moodstream-mqtt
    "MOODSTREAM_MQTT_PORT": "tcp://10.0.0.8:1883",
}
DOCKER = {"MOODSTREAM_NAME": "/web/moodstream", "MOODSTREAM_ENV_LANG": "C.UTF-8"}


@pytest.mark.parametrize("variables", [KUBERNETES, DOCKER])
def test_they_are_known_and_change_nothing(variables):
    assert injected(variables) == sorted(variables)
    assert load(None, variables, {}) == Config()


def test_no_setting_is_taken_for_one_of_them():
    names = [
        f"MOODSTREAM_{section.name}_{key.name}".upper()
        for section in fields(Config)
        if is_dataclass(section.type)
        for key in fields(section.type)
    ]
    assert "MOODSTREAM_MQTT_URL" in names
    assert injected(names) == []


def test_a_slip_of_the_keyboard_is_still_refused():
    assert injected(["MOODSTREAM_MQTT_PREFX", "MOODSTREAM_PROT", "OTHER_PORT"]) == []


def test_they_are_named_in_a_warning_and_by_the_doctor(tmp_path):
    environment = {"PATH": "", "HOME": str(tmp_path), **KUBERNETES}
    result = run_program("config", env=environment)
    assert result.returncode == 0
    (warning,) = result.stderr.splitlines()
    assert "MOODSTREAM_PORT_1883_TCP_ADDR" in warning
    assert "MOODSTREAM_PORT" not in result.stdout
