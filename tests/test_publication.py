"""Brokers and publishers, made from settings."""

import os
import socket
import subprocess
import sys
from dataclasses import replace

import pytest

from moodstream.config.load import load
from moodstream.config.sections import Config, ConfigError
from moodstream.mqtt.trouble import BrokerError
from moodstream.mqtt.url import Address
from moodstream.publication import broker_connection, running_broker, source_name
from tests.support.program import MOODSTREAM, free_port, wait_until


def configured(**values):
    return load(None, {}, {name.replace("__", "."): value for name, value in values.items()})


def test_a_host_name_that_is_not_utf_8_can_be_published(monkeypatch):
    monkeypatch.setattr(socket, "gethostname", lambda: os.fsdecode(b"K\xfcche"))
    assert source_name(Config()) == "K\\xfcche"


def test_the_embedded_broker_is_reached_at_this_machine():
    config = configured(mqtt__url="embedded://0.0.0.0:4711", mqtt__version="5")
    connection = broker_connection(config)
    assert connection.address == Address("127.0.0.1", 4711)
    assert connection.version == "3.1.1"


def test_certificates_need_an_encrypted_address():
    config = configured(mqtt__url="mqtt://host", mqtt__ca_file="/ca.pem")
    with pytest.raises(ConfigError, match="certificates are for mqtts://"):
        broker_connection(config)
    config = configured(mqtt__url="mqtts://host", mqtt__ca_file="/absent.pem")
    with pytest.raises(ConfigError, match=r"mqtt\.ca_file '/absent\.pem'"):
        broker_connection(config)


def test_the_embedded_broker_lets_nobody_in_from_elsewhere_without_a_password():
    config = configured(mqtt__url=f"embedded://0.0.0.0:{free_port()}", mqtt__username="me")
    with pytest.raises(ConfigError, match="would admit everybody"), running_broker(config):
        pass


def test_the_embedded_broker_runs_while_it_is_needed_and_another_one_is_used(mosquitto):
    port = free_port()

    def listens(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    with running_broker(configured(mqtt__url=f"embedded://127.0.0.1:{port}")):
        assert listens(port)
    assert not listens(port)
    with running_broker(configured(mqtt__url=f"embedded://127.0.0.1:{mosquitto.port}")) as found:
        assert found.address.port == mosquitto.port
    assert listens(mosquitto.port)


def test_a_source_has_the_name_of_the_host_unless_one_is_set():
    assert source_name(Config()) == socket.gethostname()
    assert source_name(configured(audio__name="den")) == "den"


def test_without_the_extra_another_broker_is_used(mosquitto, monkeypatch):
    monkeypatch.setattr("moodstream.mqtt.embedded.broker.is_installed", lambda: False)
    port = mosquitto.port
    with running_broker(configured(mqtt__url=f"embedded://127.0.0.1:{port}")) as found:
        assert found.address.port == port
    config = configured(mqtt__url=f"embedded://0.0.0.0:{port}", mqtt__username="me")
    config = replace(config, mqtt=replace(config.mqtt, password="secret"))
    with pytest.raises(BrokerError, match="is not installed"), running_broker(config):
        pass


def test_without_the_extra_a_daemon_says_first_what_to_install_and_uses_another_broker(
    mosquitto, tmp_path
):
    """As after `pip install moodstream` alone: amqtt is not found."""
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['amqtt'] = None\n")
    url = f"embedded://127.0.0.1:{mosquitto.port}"
    environment = {
        **os.environ,
        "PULSE_SERVER": "unix:/nonexistent",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]),
        "STATE_DIRECTORY": str(tmp_path / "state"),
    }
    with (
        mosquitto.subscriber("mood/current") as states,
        subprocess.Popen(
            [*MOODSTREAM, "run", "--broker", url],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as daemon,
    ):
        wait_until(lambda: states)
        daemon.terminate()
        _, logs = daemon.communicate(timeout=20)
    assert daemon.returncode == 0
    assert "pip install 'moodstream[broker]'" in logs.splitlines()[0]
