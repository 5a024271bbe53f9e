"""[[source]]: one of several sources that a daemon listens to at the same time."""

import shlex
from dataclasses import dataclass, field

from moodstream.audio.formats.uncompressed.layout import Layout, raw_layout
from moodstream.audio.sources import address
from moodstream.schema import between, checked_by

KINDS = ("device", "command", "url", "fifo")
"""Mutually exclusive settings of a source; without any, it is the default device."""
MAX_NAME_BYTES = 60
"""Longest name in UTF-8 bytes: a directory is named after it."""


def _check_name(name: str) -> None:
    if not name or not name.isprintable() or len(name.encode()) > MAX_NAME_BYTES:
        raise ValueError(f"found {name!r}; expected a name of up to {MAX_NAME_BYTES} bytes")


def _check_command(command: str) -> None:
    if command and not shlex.split(command):
        raise ValueError("expected a program and its options")


def _check_url(url: str) -> None:
    if url:
        address.check(url)


def _check_raw(text: str) -> None:
    raw_layout(text)


@dataclass(frozen=True)
class SourceConfig:
    """[[source]]: a device, a command, a URL or a FIFO, with its own topics."""

    name: str = field(metadata=checked_by(_check_name))
    """Name of this source in messages."""
    prefix: str = ""
    """First part of its topics; empty means mqtt.prefix, a slash and the name."""
    device: str = ""
    """Name of a capture device, or a part of it."""
    command: str = field(default="", metadata=checked_by(_check_command))
    """Command that writes raw samples to standard output, run without a shell."""
    url: str = field(default="", metadata={"secret": True, **checked_by(_check_url)})
    """Address of a stream: http, https, rtsp or rtsps, with the login if it needs one."""
    fifo: str = ""
    """Path of a FIFO into which another program writes raw samples."""
    raw: str = field(default="16000,1,s16", metadata=checked_by(_check_raw))
    """Format of raw samples: rate, channels, encoding."""
    channels: tuple[int, ...] = field(default=(), metadata=between(0, 63))
    """Numbers of the channels to mix, from 0; empty means all of them."""

    @property
    def kind(self) -> str:
        """One of :data:`KINDS`."""
        return next((kind for kind in KINDS if getattr(self, kind)), "device")

    @property
    def words(self) -> list[str]:
        """Words of the command, as a shell splits them."""
        return shlex.split(self.command)

    @property
    def layout(self) -> Layout:
        """Format of raw samples."""
        return raw_layout(self.raw)

    @property
    def origin(self) -> str:
        """Text that identifies the source of the sound, without secrets."""
        match self.kind:
            case "command":
                return f"command #{address.fingerprint(self.command)}"
            case "url":
                return f"{address.location(self.url)} #{address.fingerprint(self.url)}"
            case "fifo":
                return f"FIFO {self.fifo}"
            case _:
                return self.device

    def problems(self) -> list[str]:
        """Return contradictions within the table, a sentence each."""
        found = [kind for kind in KINDS if getattr(self, kind)]
        problems = []
        if len(found) > 1:
            problems.append(f"{' and '.join(found)} are set; a source can have only one of them")
        if len(set(self.channels)) < len(self.channels):
            problems.append(f"channels {list(self.channels)} contains a channel twice")
        return problems
