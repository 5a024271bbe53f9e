"""Parts of a program, made from its settings.

The modules of MQTT are imported by the functions that need them: replay starts without them.
"""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from moodstream import self_test
from moodstream.bundle import disk
from moodstream.bundle.bundle import Bundle
from moodstream.config.load import override, password
from moodstream.config.sections import Config, ConfigError
from moodstream.features.normalise import Normaliser
from moodstream.log import get_logger
from moodstream.mqtt import url as mqtt_url
from moodstream.pipeline import Pipeline

if TYPE_CHECKING:
    from moodstream.mqtt.connection import Connection
    from moodstream.mqtt.homeassistant import Discovery
    from moodstream.mqtt.identity import Presence
    from moodstream.mqtt.journal import Journal
    from moodstream.mqtt.link import Listener
    from moodstream.mqtt.publisher import Publisher

log = get_logger()


def load_bundle(config: Config) -> Bundle:
    """Load the bundle that is set, or the one that was installed.

    Raises:
        BundleError: it cannot be used.
    """
    return self_test.load(Path(config.models.bundle) if config.models.bundle else disk.shipped())


def make_pipeline(config: Config, models: Bundle, room: Normaliser | None = None) -> Pipeline:
    """Return a new pipeline, with the user's settings over those of the bundle.

    Args:
        config: all settings.
        models: of the bundle.
        room: what was learnt of the room; None starts from the bundle's prior.

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


def broker_connection(config: Config) -> "Connection":
    """Return the address of the configured broker and all that it takes to log in.

    Raises:
        ConfigError: the password or a certificate cannot be read, or contradicts the address.
    """
    from moodstream.mqtt.connection import Connection, tls_context

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
        "3.1.1" if embedded else mqtt.version,  # the embedded broker knows no other
        mqtt.username,
        password(mqtt, os.environ),
        tls,
        mqtt.keepalive_s,
    )


@contextmanager
def running_broker(config: Config) -> "Iterator[Connection]":
    """Yield the connection to the configured broker; run the embedded broker meanwhile if set.

    Raises:
        BrokerError: the embedded broker cannot run.
        ConfigError: the password or a certificate cannot be read, contradicts the address, or the
            embedded broker would let everybody in.
    """
    connection = broker_connection(config)
    address = mqtt_url.embedded(config.mqtt.url)
    if address is None:
        yield connection
        return
    from moodstream.mqtt import broker

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


def presence(config: Config, connection: "Connection") -> "Presence":
    """Return where the daemon publishes, and under which name."""
    from moodstream.mqtt.identity import Presence

    prefix = config.mqtt.prefix
    return Presence(
        connection,
        prefix,
        config.mqtt.client_id or f"moodstream-{socket.gethostname()}-{prefix.replace('/', '-')}",
        discovery(config) if config.homeassistant.discovery else None,
    )


@contextmanager
def publishing(
    there: "Presence",
    journal: "Journal",
    listeners: "Mapping[str, Listener]" = MappingProxyType({}),
) -> "Iterator[Publisher]":
    """Yield a publisher that is connected, or trying to connect."""
    from moodstream.mqtt.publisher import Publisher

    publisher = Publisher(there, journal, listeners)
    publisher.start()
    try:
        yield publisher
    finally:
        publisher.stop()


@contextmanager
def publishing_beside(config: Config, connection: "Connection") -> "Iterator[Publisher]":
    """Yield a publisher that does not disconnect a daemon of this host."""
    from moodstream.mqtt.journal import Journal

    there = presence(config, connection)
    there = replace(there, client_id=f"{there.client_id}-{os.getpid()}", discovery=None)
    with publishing(there, Journal(config.mqtt.journal_events)) as publisher:
        yield publisher


def source_name(config: Config) -> str:
    """Return the name of the source in messages."""
    return config.audio.name or socket.gethostname()


def discovery(config: Config) -> "Discovery":
    """Return the announcement of the daemon to Home Assistant."""
    from moodstream.mqtt import homeassistant

    return homeassistant.discovery(
        config.homeassistant.prefix, config.mqtt.prefix, source_name(config)
    )
