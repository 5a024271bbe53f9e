"""Audio sources, built from the settings."""

import threading
from collections.abc import Iterator
from typing import Protocol

from moodstream.audio.chunk import Chunk
from moodstream.audio.formats.media import INSTALL, is_installed
from moodstream.audio.microphone import Microphone
from moodstream.audio.sources.command import Command
from moodstream.audio.sources.fifo import Fifo
from moodstream.audio.sources.input import Input
from moodstream.audio.sources.stream import Stream
from moodstream.audio.sources.url import Url
from moodstream.config.sections import Config, ConfigError
from moodstream.config.source import SourceConfig


class Source(Protocol):
    """Endless audio of a device or another input."""

    def chunks(self, stop: threading.Event) -> Iterator[Chunk]:
        """Yield audio, and gaps where audio is missing, until told to stop."""


def source_of(config: Config) -> Source:
    """Return the only source of these settings.

    Args:
        config: settings of :func:`moodstream.config.sources.each`.

    Raises:
        ConfigError: an extra is missing; the message holds the command that installs it.
    """
    audio, (source,) = config.audio, config.source
    if source.kind == "device":
        return Microphone(audio.device, audio.buffer_s, audio.channels, is_alone=False)
    return Stream(input_of(source), audio.buffer_s, audio.channels)


def input_of(source: SourceConfig) -> Input:
    """Return the input of a source that is not a device.

    Raises:
        ConfigError: an extra is missing; the message holds the command that installs it.
    """
    match source.kind:
        case "command":
            return Command(source.words, source.layout)
        case "fifo":
            return Fifo(source.fifo, source.layout)
        case _:
            if not is_installed():
                raise ConfigError(f"source '{source.name}': a URL needs PyAV: {INSTALL}")
            return Url(source.url)
