"""From settings to parts: what the commands put together."""

import os
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import structlog
from paho.mqtt import client as paho

from moodstream import broker, bundle, mqtt_url
from moodstream.audio.chunk import Chunk
from moodstream.config import Config, override, password
from moodstream.message import Announcer, wall_clock
from moodstream.mqtt import Publisher
from moodstream.normalise import Normaliser
from moodstream.notify import Notifier
from moodstream.pipeline import Pipeline
from moodstream.room import NAME as ROOM
from moodstream.room import RoomKeeper
from moodstream.service import serve
from moodstream.sinks import Sink
from moodstream.subscriber import TOPICS, subscribed

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


def broker_address(config: Config) -> mqtt_url.Address:
    """Where the configured broker is, or would be."""
    if config.mqtt.url == mqtt_url.EMBEDDED:
        return mqtt_url.EMBEDDED_ADDRESS
    return mqtt_url.parse(config.mqtt.url)


@contextmanager
def running_broker(config: Config) -> Iterator[mqtt_url.Address]:
    """The address of the configured broker; the embedded one runs meanwhile if it is that.

    Raises:
        BrokerError: the embedded broker cannot run.
    """
    address = broker_address(config)
    if config.mqtt.url != mqtt_url.EMBEDDED:
        yield address
        return
    if broker.listening(address):
        log.info("a broker is listening already, using it", broker=str(address))
        yield address
        return
    embedded = broker.EmbeddedBroker(address)
    embedded.start()
    try:
        yield address
    finally:
        embedded.stop()


@contextmanager
def publishing(config: Config, address: mqtt_url.Address, *, beside: bool) -> Iterator[Publisher]:
    """A publisher that is connected, or trying to be.

    Args:
        config: all settings.
        address: of the broker.
        beside: whether a daemon of this host may be there too, and must not be thrown out.

    Raises:
        ConfigError: the password cannot be read.
    """
    client_id = config.mqtt.client_id or f"moodstream-{socket.gethostname()}"
    publisher = Publisher(
        address,
        config.mqtt.prefix,
        f"{client_id}-{os.getpid()}" if beside else client_id,
        config.mqtt.username or None,
        password(config.mqtt),
        config.mqtt.keepalive_s,
        config.mqtt.journal_events,
    )
    publisher.start()
    try:
        yield publisher
    finally:
        publisher.stop()


def subscription(
    config: Config,
    on_message: Callable[[str, bytes], None],
    on_link: Callable[[str], None],
    topics: Sequence[str] = TOPICS,
) -> AbstractContextManager[paho.Client]:
    """Hear what a daemon with these settings publishes, beside it; see :func:`subscribed`.

    Raises:
        ConfigError: the password cannot be read.
    """
    return subscribed(
        broker_address(config),
        config.mqtt.prefix,
        on_message,
        on_link,
        config.mqtt.username or None,
        password(config.mqtt),
        topics,
    )


def run_daemon(
    config: Config,
    address: mqtt_url.Address,
    chunks: Iterable[Chunk],
    sinks: Sequence[Sink],
    state: Path | None = None,
) -> None:
    """Publish what is heard to the broker at an address, and to sinks, until the chunks end.

    Args:
        config: all settings.
        address: of the broker.
        chunks: what is heard.
        sinks: take the messages as well.
        state: directory where what is learnt of the room outlives this process; None forgets it.

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
    name = config.audio.name or socket.gethostname()
    announcer = Announcer(name, models.sha256, pipeline.rate, wall_clock)
    notifier = Notifier()
    with publishing(config, address, beside=False) as publisher:
        notifier.ready()
        serve(chunks, pipeline, announcer, [publisher, *sinks], notifier)
        notifier.stopping()
