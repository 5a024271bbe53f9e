"""The embedded broker: who is admitted, from where, and for how long."""

import subprocess

import pytest

from moodstream.config.sections import Config, ConfigError, MqttConfig
from moodstream.mqtt import url as mqtt_url
from moodstream.mqtt.connection import Connection
from moodstream.mqtt.embedded.broker import EmbeddedBroker, SharedBroker, listening
from moodstream.mqtt.identity import Identity
from moodstream.mqtt.journal import Journal
from moodstream.mqtt.publisher import Publisher
from moodstream.mqtt.trouble import BrokerError
from moodstream.publication import running_broker
from tests.support.program import free_port, program, wait_until


def let_in(port: int, *login: str) -> bool:
    command = [program("mosquitto_pub"), "-p", str(port), "-t", "x", "-m", "y", "-q", "1", *login]
    return subprocess.run(command, stderr=subprocess.DEVNULL, timeout=20).returncode == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_login_is_asked_for_where_there_is_one(host):
    address = mqtt_url.Address(host, free_port())
    broker = EmbeddedBroker(address, "me", "päss")
    broker.start()
    try:
        Connection(mqtt_url.reached(address), username="me", password="päss").retain("x", "y")
        assert let_in(address.port, "-u", "me", "-P", "päss")
        assert not let_in(address.port)
        assert not let_in(address.port, "-u", "me", "-P", "pass")
        assert not let_in(address.port, "-u", "me")
        assert not let_in(address.port, "-u", "you", "-P", "päss")
    finally:
        broker.stop()


def test_this_machine_alone_needs_no_login():
    address = mqtt_url.Address("127.0.0.1", free_port())
    broker = EmbeddedBroker(address)
    broker.start()
    try:
        assert let_in(address.port)
    finally:
        broker.stop()


@pytest.mark.parametrize("address", ["[::]", "[::]:1884", "192.168.1.2", "example.org"])
@pytest.mark.parametrize("login", [{}, {"username": "me"}, {"password": "pass"}])
def test_nobody_else_is_let_in_without_a_login(address, login):
    config = Config(mqtt=MqttConfig(url=f"embedded://{address}", **login))
    with (
        pytest.raises(ConfigError, match=r"set mqtt\.username and its password"),
        running_broker(config),
    ):
        pass


def test_with_one_everybody_who_knows_it_is():
    port = free_port()
    login = {"username": "me", "password": "pass"}
    with running_broker(Config(mqtt=MqttConfig(url=f"embedded://0.0.0.0:{port}", **login))):
        assert let_in(port, "-u", "me", "-P", "pass")
        assert not let_in(port)


def test_an_address_that_is_taken_is_said():
    address = mqtt_url.Address("127.0.0.1", free_port())
    first, second = EmbeddedBroker(address), EmbeddedBroker(address, "me", "secret")
    first.start()
    try:
        with pytest.raises(BrokerError, match="cannot listen") as caught:
            second.start()
        assert "secret" not in str(caught.value)
    finally:
        first.stop()


def test_a_broker_of_another_program_is_used_and_replaced():
    address = mqtt_url.Address("127.0.0.1", free_port())
    first = EmbeddedBroker(address)
    first.start()
    shared = [SharedBroker(address), SharedBroker(address)]
    for broker in shared:
        broker.start()
    journal = Journal(10)
    publisher = Publisher(Identity(Connection(address), "mood", "test"), journal)
    publisher.start()
    publisher.event({"seq": 1})
    wait_until(lambda: journal.last == 1 and not journal.waiting)
    first.stop()
    publisher.event({"seq": 2})
    wait_until(lambda: journal.last == 2 and not journal.waiting)
    assert publisher.reconnects == 1
    publisher.stop()
    for broker in shared:
        broker.stop()
    assert not listening(address)


def test_a_broker_of_its_own_is_started_and_ended():
    address = mqtt_url.Address("127.0.0.1", free_port())
    shared = SharedBroker(address, "me", "pass")
    shared.start()
    assert let_in(address.port, "-u", "me", "-P", "pass")
    assert not let_in(address.port)
    shared.stop()
    assert not listening(address)
