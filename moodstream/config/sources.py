"""The settings of each source, as if it were the only one."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from moodstream.config.sections import AudioConfig, Config
from moodstream.config.source import SourceConfig

DIRECTORY = "sources"
"""Folder in the state directory, with one folder for each source."""


def each(config: Config) -> list[Config]:
    """Return settings for each source; without [[source]] tables, those given.

    In each result, [audio] and [mqtt] belong to the source, and ``source`` contains only it.
    """
    return [_alone(config, source) for source in config.source] or [config]


def prefixes(config: Config) -> tuple[str, ...]:
    """Return the prefix of each source."""
    return tuple(view.mqtt.prefix for view in each(config))


def origin(config: Config) -> str:
    """Return a text that identifies the only source of these settings."""
    return config.source[0].origin if config.source else config.audio.device


def state_of(config: Config, directory: Path | None) -> Path | None:
    """Return the state directory of the only source of these settings.

    Args:
        config: settings of :func:`each`.
        directory: state directory of the daemon; None keeps nothing.
    """
    if directory is None or not config.source:
        return directory
    return directory / DIRECTORY / folder(config.source[0].name)


def folder(name: str) -> str:
    """Return the name of a source as the name of a folder."""
    quoted = quote(name, safe=" ")
    return f"%2E{quoted[1:]}" if quoted.startswith(".") else quoted


def _alone(config: Config, source: SourceConfig) -> Config:
    audio = AudioConfig(source.device, source.name, source.channels, config.audio.buffer_s)
    mqtt = replace(config.mqtt, prefix=config.prefix_of(source))
    if mqtt.client_id:
        # A broker closes the connection of an earlier client with the same id.
        mqtt = replace(mqtt, client_id=f"{mqtt.client_id}-{source.name}")
    return replace(config, audio=audio, mqtt=mqtt, source=(source,))
