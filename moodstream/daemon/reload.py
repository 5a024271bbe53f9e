"""Reloading of settings while the daemon runs."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path

from moodstream.audio.chunk import Chunk
from moodstream.bundle.card import Card
from moodstream.config.load import override
from moodstream.config.sections import Config, ConfigError
from moodstream.daemon.notify import Notifications
from moodstream.daemon.request import Request
from moodstream.log import get_logger
from moodstream.mqtt import url as mqtt_url
from moodstream.mqtt.publisher import Publisher
from moodstream.pipeline import Pipeline
from moodstream.publication import broker_connection, identity
from moodstream.text import printable

STATUS_CHARACTERS = 200
"""Length of an error in the status; the log has the whole text."""

log = get_logger()


@dataclass(frozen=True)
class Reread:
    """The request to read the settings again, and the function that reads them."""

    request: Request
    """Request to read the settings."""
    load: Callable[[], Config]
    """Function that reads the settings; raises ConfigError if they are wrong."""


class Reloader:
    """Changer of settings while the daemon listens: thresholds, smoothing, the broker.

    The state of the pipeline, of the room and of the journal is kept.

    Args:
        reread: the request, and the way to read the settings.
        config: settings in use.
        card: card of the bundle, whose values the settings override.
        pipeline: gets the new thresholds.
        publisher: moves to the new broker.
        notifier: informs systemd.
        directory: state directory; None keeps nothing.
    """

    def __init__(
        self,
        reread: Reread,
        config: Config,
        card: Card,
        pipeline: Pipeline,
        publisher: Publisher,
        notifier: Notifications,
        directory: Path | None = None,
    ) -> None:
        self._directory = directory
        self._reread, self._config, self._card = reread, config, card
        self._pipeline, self._publisher, self._notifier = pipeline, publisher, notifier

    def beside(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """Yield the chunks, and reload on request after a chunk was processed."""
        for chunk in chunks:
            yield chunk
            if self._reread.request.take():
                self._notifier.reloading()
                try:
                    self._reload()
                except ConfigError as error:
                    reasons = str(error).splitlines()
                    log.warning(
                        "the configuration is refused, the old one stays in force", reasons=reasons
                    )
                    self._tell(f"the configuration is refused: {'; '.join(reasons)}")
                self._notifier.ready()

    def _reload(self) -> None:
        wanted = self._reread.load()
        config = reloadable(self._config, wanted)
        silence = override(self._card.silence, config.silence, "silence")
        smoothing = override(self._card.smoothing, config.smoothing, "smoothing")
        is_fixed = mqtt_url.embedded(config.mqtt.url)
        connection = broker_connection(config)
        there = None if is_fixed else identity(config, connection, self._directory)
        # Nothing has changed so far, and nothing after this can fail.
        self._pipeline.retune(silence, smoothing)
        if there:
            self._publisher.move(there)
        changed, left = differing(self._config, config), differing(config, wanted)
        self._config = config
        log.info("the configuration was read again", changed=changed)
        if left:
            log.warning("a restart is needed to change these", settings=left)
        self._tell(f"a restart is needed to change {', '.join(left)}" if left else "")

    def _tell(self, trouble: str) -> None:
        self._notifier.trouble(printable(trouble, STATUS_CHARACTERS))


def reloadable(before: Config, wanted: Config) -> Config:
    """Return the settings in use, with all changes that need no restart."""
    config = replace(before, silence=wanted.silence, smoothing=wanted.smoothing)
    if mqtt_url.embedded(before.mqtt.url) or mqtt_url.embedded(wanted.mqtt.url):
        return config  # the embedded broker starts and stops with the daemon
    kept = before.mqtt
    mqtt = replace(
        wanted.mqtt, journal_events=kept.journal_events, current_every_s=kept.current_every_s
    )
    return replace(config, mqtt=mqtt, homeassistant=wanted.homeassistant)


def differing(one: Config, other: Config) -> list[str]:
    """Return the names of the settings that differ."""
    found = []
    for section in fields(Config):
        before, after = getattr(one, section.name), getattr(other, section.name)
        if not is_dataclass(section.type):  # the [[source]] tables
            found += [section.name] if before != after else []
            continue
        found += [
            f"{section.name}.{key.name}"
            for key in fields(before)
            if getattr(before, key.name) != getattr(after, key.name)
        ]
    return found
