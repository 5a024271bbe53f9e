"""From settings to parts: what the commands put together."""

import os
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import structlog

from moodstream import broker, bundle, homeassistant, mqtt_url
from moodstream.audio.chunk import Chunk
from moodstream.config import Config, ConfigError, override, password
from moodstream.connection import Connection, tls_context
from moodstream.health import Health
from moodstream.homeassistant import Discovery
from moodstream.journal import Journal
from moodstream.link import Listener
from moodstream.message import Announcer, wall_clock
from moodstream.mqtt import Publisher
from moodstream.normalise import Normaliser
from moodstream.notify import Notifier
from moodstream.pause import Pause
from moodstream.pipeline import Pipeline
from moodstream.room import NAME as ROOM
from moodstream.room import RoomKeeper
from moodstream.service import serve
from moodstream.sinks import Sink

log = structlog.get_logger()


def load_bundle(config: Config) -> bundle.Bundle:
    """The bundle that is set, or the one that was installed.

    Raises:
        BundleError: it cannot be used.
    """
    return bundle.load(Path(config.models.bundle) if config.models.bundle else bundle.shipped())


def make_pipeline(
    config: Config, models: bundle.Bundle, room: Normaliser | None = None
) -> Pipeline:
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


@contextmanager
def publishing(
    config: Config,
    connection: Connection,
    journal: Journal | None = None,
    listeners: Mapping[str, Listener] = MappingProxyType({}),
    discovery: Discovery | None = None,
) -> Iterator[Publisher]:
    """A publisher that is connected, or trying to be.

    Args:
        config: all settings.
        connection: to the broker.
        journal: the daemon's; None is for one who publishes beside a daemon of this host, which
            must not be thrown out.
        listeners: who is told what arrives at which topic.
        discovery: announces the device to Home Assistant; None announces nothing.
    """
    name = f"moodstream-{socket.gethostname()}-{config.mqtt.prefix.replace('/', '-')}"
    client_id = config.mqtt.client_id or name
    publisher = Publisher(
        connection,
        config.mqtt.prefix,
        client_id if journal else f"{client_id}-{os.getpid()}",
        journal or Journal(config.mqtt.journal_events),
        listeners,
        discovery,
    )
    publisher.start()
    try:
        yield publisher
    finally:
        publisher.stop()


def source_name(config: Config) -> str:
    """What the messages call what is listened to."""
    return config.audio.name or socket.gethostname()


def discovery(config: Config) -> Discovery:
    """How the daemon is announced to Home Assistant."""
    return homeassistant.discovery(
        config.homeassistant.prefix, config.mqtt.prefix, source_name(config)
    )


def run_daemon(
    config: Config,
    connection: Connection,
    chunks: Iterable[Chunk],
    sinks: Sequence[Sink],
    state: Path | None = None,
) -> None:
    """Publish what is heard to a broker, and to sinks, until the chunks end.

    Args:
        config: all settings.
        connection: to the broker.
        chunks: what is heard.
        sinks: take the messages as well.
        state: directory where waiting events and what is learnt of the room outlive this process;
            None forgets them.

    Raises:
        BundleError, ConfigError, CaptureStuckError: what cannot be gone on with.
    """
    models = load_bundle(config)
    normaliser = Normaliser(models.card.normalisation)
    pipeline = make_pipeline(config, models, normaliser)
    if state:
        keeper = RoomKeeper(state / ROOM, normaliser, models, config.audio.device)
        keeper.take_up()
        chunks = keeper.beside(chunks)
    journal = Journal(config.mqtt.journal_events, state)
    announcer = Announcer(
        source_name(config), models.sha256, pipeline.rate, wall_clock, journal.last
    )
    notifier, pause = Notifier(), Pause()
    listeners = {f"{config.mqtt.prefix}/set": pause.obey}
    announced = discovery(config) if config.homeassistant.discovery else None
    with publishing(config, connection, journal, listeners, announced) as publisher:
        notifier.ready()
        heard = pause.process(chunks)
        health = Health(pipeline, publisher)
        serve(heard, pipeline, announcer, [publisher, *sinks], notifier, health)
        notifier.stopping()
