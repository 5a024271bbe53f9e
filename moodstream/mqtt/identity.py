"""Who publishes at a broker: topics, client id, and the announcement to Home Assistant."""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from moodstream.mqtt.connection import Connection
from moodstream.mqtt.homeassistant import Discovery

_APPLICATION = b"moodstream"
_MACHINE_ID = Path("/etc/machine-id")
_SERIAL_NUMBER = Path("/proc/device-tree/serial-number")
"""Serial number of a Raspberry Pi; copies of one memory card share the machine id."""
_KEPT_ID = "machine-id"
_MAX_BYTES = 100


@dataclass(frozen=True)
class Identity:
    """A publisher at its broker."""

    connection: Connection
    prefix: str
    """First part of the topics."""
    client_id: str
    """Client id, unique at the broker."""
    discovery: Discovery | None = None
    """Announcement of the device to Home Assistant; None for no announcement."""
    guest: bool = False
    """Whether a daemon may also publish to these topics.

    A guest does not touch the daemon's topics: it publishes no retained message and no
    availability.
    """

    def topic(self, name: str) -> str:
        """Return the full name of a topic."""
        return f"{self.prefix}/{name}"

    @property
    def latest(self) -> dict[str, str]:
        """Topics of which only the newest message counts, by the kind of message."""
        topics = {kind: self.topic(kind) for kind in ("current", "health")}
        return {**topics, "discovery": self.discovery.topic} if self.discovery else topics


def default_client_id(prefix: str, directory: Path | None = None) -> str:
    """Return a client id that is stable and unique to this machine.

    It is derived from the machine id, the serial number and the prefix, and reveals none of them.

    Args:
        prefix: the first part of the topics, which distinguishes daemons of one machine.
        directory: directory for a random id on a machine without a machine id; None keeps none.
    """
    machine = _read(_MACHINE_ID) or _kept(directory) or secrets.token_bytes(16)
    key = machine + b"\0" + _read(_SERIAL_NUMBER)
    text = _APPLICATION + b"\0" + prefix.encode()
    return f"moodstream-{hmac.new(key, text, hashlib.sha256).hexdigest()[:12]}"


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_MAX_BYTES).strip(b"\0 \n")
    except OSError:
        return b""


def _kept(directory: Path | None) -> bytes:
    """Return the machine id kept in a directory, created at first use."""
    if directory is None:
        return b""
    path = directory / _KEPT_ID
    if kept := _read(path):
        return kept
    with suppress(OSError):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(descriptor, secrets.token_hex(16).encode())
        finally:
            os.close(descriptor)
        new.replace(path)
    return _read(path)
