"""From settings to parts: what the commands put together."""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from moodstream import self_test
from moodstream.bundle import disk
from moodstream.bundle.bundle import Bundle
from moodstream.config.load import override, password
from moodstream.config.sections import Config, ConfigError
from moodstream.features.normalise import Normaliser
from moodstream.log import get_logger
from moodstream.mqtt import broker, homeassistant
from moodstream.mqtt import url as mqtt_url
from moodstream.mqtt.connection import Connection, tls_context
from moodstream.mqtt.homeassistant import Discovery
from moodstream.mqtt.identity import Presence
from moodstream.mqtt.journal import Journal
from moodstream.mqtt.link import Listener
from moodstream.mqtt.publisher import Publisher
from moodstream.pipeline import Pipeline

log = get_logger()


def load_bundle(config: Config) -> Bundle:
    """The bundle that is set, or the one that was installed.

    Raises:
        BundleError: it cannot be used.
    """
    return self_test.load(Path(config.models.bundle) if config.models.bundle else disk.shipped())


def make_pipeline(config: Config, models: Bundle, room: Normaliser | None = None) -> Pipeline:
    """A pipeline that has heard nothing, with the user's settings over the bundle's.

    Args:
        config: all settings.
        models: of the bundle.
        room: what others have learnt of the room; None knows the bundle's prior alone.

    Raises:
        BundleError: a model of the bundle cannot be loaded.
        ConfigError: the settings contradict those of the bundle.
    """
    return Pipeline(
        models,
        config.pipeline.hop_s,
        override(models.card.silence, config.silence, "silence"),
        override(models.card.smoothing, config.smoothing, "smoothing"),
        room,
    )


def broker_connection(config: Config) -> Connection:
    """How the configured broker is reached.

    Raises:
        ConfigError: the password or a certificate cannot be read, or makes no sense.
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
        "3.1.1" if embedded else mqtt.version,  # amqtt knows no other
        mqtt.username,
        password(mqtt, os.environ),
        tls,
        mqtt.keepalive_s,
    )


@contextmanager
def running_broker(config: Config) -> Iterator[Connection]:
    """The connection to the configured broker; the embedded one runs meanwhile if it is that.

    Raises:
        BrokerError: the embedded broker cannot run.
        ConfigError: the password or a certificate cannot be read, or makes no sense, or the
            embedded broker would let everybody in.
    """
    connection = broker_connection(config)
    address = mqtt_url.embedded(config.mqtt.url)
    if address is None:
        yield connection
        return
    is_loopback = broker.is_loopback(address.host)
    if not is_loopback and not (connection.username and connection.password):
        raise ConfigError(
            f"mqtt.url: '{config.mqtt.url}' would let everybody in: set mqtt.username and its "
            f"password, or mqtt.url = '{mqtt_url.EMBEDDED}'"
        )
    if is_loopback and broker.listening(address):
        log.info("a broker is listening already, using it", broker=str(address))
        yield connection
        return
    embedded = broker.EmbeddedBroker(address, connection.username, connection.password or "")
    embedded.start()
    try:
        yield connection
    finally:
        embedded.stop()


def presence(config: Config, connection: Connection) -> Presence:
    """Where the daemon publishes, and as whom."""
    prefix = config.mqtt.prefix
    return Presence(
        connection,
        prefix,
        config.mqtt.client_id or f"moodstream-{socket.gethostname()}-{prefix.replace('/', '-')}",
        discovery(config) if config.homeassistant.discovery else None,
    )


@contextmanager
def publishing(
    there: Presence, journal: Journal, listeners: Mapping[str, Listener] = MappingProxyType({})
) -> Iterator[Publisher]:
    """A publisher that is connected, or trying to be."""
    publisher = Publisher(there, journal, listeners)
    publisher.start()
    try:
        yield publisher
    finally:
        publisher.stop()


@contextmanager
def publishing_beside(config: Config, connection: Connection) -> Iterator[Publisher]:
    """A publisher beside a daemon of this host, which must not be thrown out."""
    there = presence(config, connection)
    there = replace(there, client_id=f"{there.client_id}-{os.getpid()}", discovery=None)
    with publishing(there, Journal(config.mqtt.journal_events)) as publisher:
        yield publisher


def source_name(config: Config) -> str:
    """What the messages call what is listened to."""
    return config.audio.name or socket.gethostname()


def discovery(config: Config) -> Discovery:
    """How the daemon is announced to Home Assistant."""
    return homeassistant.discovery(
        config.homeassistant.prefix, config.mqtt.prefix, source_name(config)
    )
