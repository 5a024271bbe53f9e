"""Parts of a program, made from settings."""

import socket
from dataclasses import replace

import pytest

from moodstream.assembly import (
    broker_connection,
    load_bundle,
    make_pipeline,
    running_broker,
    source_name,
)
from moodstream.audio.chunk import Block
from moodstream.config.load import load
from moodstream.config.sections import Config, ConfigError, ModelsConfig, SilenceConfig
from moodstream.mqtt.url import Address
from tests.support.bundle import read_card
from tests.support.program import free_port
from tests.support.signals import glide


def configured(**values):
    return load(None, {}, {name.replace("__", "."): value for name, value in values.items()})


def test_the_bundle_that_is_set_is_loaded(copied, bundle):
    assert load_bundle(Config()).sha256 == bundle.sha256
    config = replace(Config(), models=ModelsConfig(bundle=str(copied)))
    assert load_bundle(config).card.name == read_card(copied)["name"]


def test_settings_take_the_place_of_the_bundles_values(bundle):
    block = Block(glide(4), 16000)
    for open_dbfs, status in ((None, {"ok", "uncertain"}), (-1.0, {"silence"})):
        silence = SilenceConfig(open_dbfs=open_dbfs)
        pipeline = make_pipeline(replace(Config(), silence=silence), bundle)
        *_, last = pipeline.process(block)
        assert last.state.status in status


def test_settings_that_contradict_the_bundle_are_refused(bundle):
    config = replace(Config(), silence=SilenceConfig(close_dbfs=-1.0))
    with pytest.raises(ConfigError, match="above open_dbfs"):
        make_pipeline(config, bundle)


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
    with pytest.raises(ConfigError, match="would let everybody in"), running_broker(config):
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
