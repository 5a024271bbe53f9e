"""From settings to the broker: identities, and what the settings refuse."""

import pytest

from moodstream.config.sections import AudioConfig, Config, ConfigError, MqttConfig
from moodstream.mqtt.connection import Connection
from moodstream.mqtt.url import parse
from moodstream.publication import broker_connection, guest, identity, running_broker, source_name
from tests.support.program import free_port, run_program


def test_a_daemon_has_one_name_and_guests_have_names_of_their_own(mosquitto, tmp_path):
    config = Config(mqtt=MqttConfig(url=mosquitto.url, prefix="den"))
    connection = broker_connection(config)
    daemon = identity(config, connection, tmp_path)
    assert daemon == identity(config, connection, tmp_path)
    assert not daemon.guest
    guests = [guest(config, connection) for _ in range(2)]
    assert len({daemon.client_id, *(one.client_id for one in guests)}) == 3
    assert all(one.guest and one.discovery is None and one.prefix == "den" for one in guests)


def test_the_name_that_is_set_is_used():
    config = Config(audio=AudioConfig(name="den"), mqtt=MqttConfig(client_id="mine"))
    assert identity(config, Connection(parse("mqtt://host"))).client_id == "mine"
    assert source_name(config) == "den"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_the_embedded_broker_runs_meanwhile(host):
    url = f"embedded://{host}:{free_port()}"
    with running_broker(Config(mqtt=MqttConfig(url=url))) as connection:
        connection.retain("x", "y")
    with pytest.raises(OSError, match="refused"):
        connection.retain("x", "y")


def test_certificates_without_encryption_are_refused():
    with pytest.raises(ConfigError, match="certificates are for mqtts://"):
        broker_connection(Config(mqtt=MqttConfig(url="mqtt://host", ca_file="x")))


@pytest.mark.parametrize("prefix", ["$SYS/mood", "$share/g/mood", "kit\tchen"])
@pytest.mark.parametrize("command", ["config", "watch", "run"])
def test_prefixes_that_nobody_could_use_are_refused_by_each_command(command, prefix):
    result = run_program(command, "--prefix", prefix)
    assert result.returncode == 78
    assert "mqtt.prefix" in result.stderr
    assert "\t" not in result.stderr
