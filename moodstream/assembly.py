"""From settings to parts: what the commands put together."""

import os
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import structlog

from moodstream import broker, bundle, mqtt_url
from moodstream.audio.chunk import Chunk
from moodstream.config import Config, override, password
from moodstream.health import Health
from moodstream.journal import Journal
from moodstream.message import Announcer, wall_clock
from moodstream.mqtt import Listener, Publisher
from moodstream.normalise import Normaliser
from moodstream.notify import Notifier
from moodstream.pause import Pause
from moodstream.pipeline import Pipeline
from moodstream.service import serve
from moodstream.sinks import Sink
from moodstream.state_directory import state_directory

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


@contextmanager
def running_broker(config: Config) -> Iterator[mqtt_url.Address]:
    """The address of the configured broker; the embedded one runs meanwhile if it is that.

    Raises:
        BrokerError: the embedded broker cannot run.
    """
    if config.mqtt.url != mqtt_url.EMBEDDED:
        yield mqtt_url.parse(config.mqtt.url)
        return
    address = mqtt_url.EMBEDDED_ADDRESS
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
def publishing(
    config: Config,
    address: mqtt_url.Address,
    journal: Journal | None = None,
    listeners: Mapping[str, Listener] = MappingProxyType({}),
) -> Iterator[Publisher]:
    """A publisher that is connected, or trying to be.

    Args:
        config: all settings.
        address: of the broker.
        journal: the daemon's; None is for one who publishes beside a daemon of this host, which
            must not be thrown out.
        listeners: who is told what arrives at which topic.

    Raises:
        ConfigError: the password cannot be read.
    """
    client_id = config.mqtt.client_id or f"moodstream-{socket.gethostname()}"
    publisher = Publisher(
        address,
        config.mqtt.prefix,
        client_id if journal else f"{client_id}-{os.getpid()}",
        journal or Journal(config.mqtt.journal_events),
        listeners,
        config.mqtt.username or None,
        password(config.mqtt),
        config.mqtt.keepalive_s,
    )
    publisher.start()
    try:
        yield publisher
    finally:
        publisher.stop()


def run_daemon(
    config: Config, address: mqtt_url.Address, chunks: Iterable[Chunk], sinks: Sequence[Sink]
) -> None:
    """Publish what is heard to the broker at an address, and to sinks, until the chunks end.

    Raises:
        BundleError, ConfigError, CaptureStuckError: what cannot be gone on with.
    """
    models = load_bundle(config)
    pipeline = make_pipeline(config, models)
    name = config.audio.name or socket.gethostname()
    journal = Journal(config.mqtt.journal_events, state_directory(os.environ))
    announcer = Announcer(name, models.sha256, pipeline.rate, wall_clock, journal.last)
    notifier, pause = Notifier(), Pause()
    listeners = {f"{config.mqtt.prefix}/set": pause.obey}
    with publishing(config, address, journal, listeners) as publisher:
        notifier.ready()
        heard = pause.process(chunks)
        health = Health(pipeline, publisher)
        serve(heard, pipeline, announcer, [publisher, *sinks], notifier, health)
        notifier.stopping()
