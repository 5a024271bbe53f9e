"""Broker and publisher, built from the settings, without loading models."""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from moodstream.config.load import password
from moodstream.config.sections import Config, ConfigError
from moodstream.log import get_logger
from moodstream.mqtt import homeassistant
from moodstream.mqtt import url as mqtt_url
from moodstream.mqtt.connection import Connection, guest_id, tls_context
from moodstream.mqtt.guest import refuse_if_held
from moodstream.mqtt.homeassistant import Discovery
from moodstream.mqtt.identity import Identity, default_client_id
from moodstream.mqtt.journal import Journal
from moodstream.mqtt.link import Listener
from moodstream.mqtt.publisher import Publisher


def broker_connection(config: Config) -> Connection:
    """Return the configured broker, and how to reach it.

    Raises:
        ConfigError: the password or a certificate cannot be used.
    """
    mqtt = config.mqtt
    embedded = mqtt_url.embedded(mqtt.url)
    address = mqtt_url.reached(embedded) if embedded else mqtt_url.parse(mqtt.url)
    certificates = mqtt.ca_file, mqtt.cert_file, mqtt.key_file
    if any(certificates) and not address.tls:
        raise ConfigError(f"mqtt.url: certificates are for mqtts://, found '{mqtt.url}'")
    try:
        tls = tls_context(*certificates) if address.tls else None
    except ValueError as error:
        raise ConfigError(str(error)) from error
    return Connection(
        address,
        "3.1.1" if embedded else mqtt.version,  # the embedded broker supports no other
        mqtt.username,
        password(mqtt, os.environ),
        tls,
        mqtt.keepalive_s,
    )


@contextmanager
def running_broker(config: Config) -> Iterator[Connection]:
    """Yield the configured broker. If it is the embedded one, it runs inside the context.

    Without the extra `broker`, a broker that another program runs at the loopback address is used.

    Raises:
        BrokerError: the embedded broker cannot run.
        ConfigError: the password or a certificate cannot be used, or the embedded broker would
            admit everybody.
    """
    connection = broker_connection(config)
    address = mqtt_url.embedded(config.mqtt.url)
    if address is None:
        yield connection
        return
    from moodstream.mqtt.embedded import broker  # noqa: PLC0415 - asyncio is for this alone

    is_loopback = broker.is_loopback(address.host)
    if not is_loopback and not (connection.username and connection.password):
        raise ConfigError(
            f"mqtt.url: '{config.mqtt.url}' would admit everybody: set mqtt.username and its "
            f"password, or mqtt.url = '{mqtt_url.EMBEDDED}'"
        )
    if is_loopback and not broker.is_installed():
        get_logger().warning(
            "the embedded broker is not installed, publishing to another one when it runs here",
            broker=str(connection.address),
            to_install="pip install 'moodstream[broker]'",
        )
        yield connection
        return
    make = broker.SharedBroker if is_loopback else broker.EmbeddedBroker
    embedded = make(address, connection.username, connection.password or "")
    embedded.start()
    try:
        yield connection
    finally:
        embedded.stop()


def identity(config: Config, connection: Connection, directory: Path | None = None) -> Identity:
    """Return the topics and the client id of the daemon.

    Args:
        config: all settings.
        connection: the broker, and how it is reached.
        directory: the state directory; None keeps nothing.
    """
    prefix = config.mqtt.prefix
    return Identity(
        connection,
        prefix,
        config.mqtt.client_id or default_client_id(prefix, directory),
        discovery(config) if config.homeassistant.discovery else None,
    )


def guest(config: Config, connection: Connection) -> Identity:
    """Return the identity of a program that does not disturb a daemon, even one started later.

    Raises:
        BrokerError: a daemon publishes there now.
    """
    refuse_if_held(connection, config.mqtt.prefix)
    return Identity(connection, config.mqtt.prefix, guest_id(), guest=True)


@contextmanager
def publishing(
    there: Identity,
    journal: Journal,
    listeners: Mapping[str, Listener] = MappingProxyType({}),
    current_every_s: float = 0.0,
) -> Iterator[Publisher]:
    """Yield a publisher that is connected or connecting."""
    publisher = Publisher(there, journal, listeners, current_every_s)
    publisher.start()
    try:
        yield publisher
    finally:
        publisher.stop()


@contextmanager
def publishing_beside(config: Config, connection: Connection) -> Iterator[Publisher]:
    """Yield a publisher that does not disturb a daemon.

    Raises:
        BrokerError: a daemon publishes there now.
    """
    there = guest(config, connection)
    with publishing(there, Journal(config.mqtt.journal_events)) as publisher:
        yield publisher


def source_name(config: Config) -> str:
    r"""Return the name of the source in the messages.

    Bytes of the host's name that are not UTF-8 become \x and two digits.
    """
    return config.audio.name or os.fsencode(socket.gethostname()).decode(errors="backslashreplace")


def discovery(config: Config) -> Discovery:
    """Return the announcement of the daemon to Home Assistant."""
    return homeassistant.discovery(
        config.homeassistant.prefix, config.mqtt.prefix, source_name(config)
    )
