"""Where a daemon is found at a broker, and as whom."""

from dataclasses import dataclass

from moodstream.mqtt.connection import Connection
from moodstream.mqtt.homeassistant import Discovery


@dataclass(frozen=True)
class Presence:
    """All that the publisher must know of its broker."""

    connection: Connection
    prefix: str
    """Of the topics."""
    client_id: str
    """One a daemon, at one broker."""
    discovery: Discovery | None = None
    """Announces the device to Home Assistant; None announces nothing."""

    def topic(self, name: str) -> str:
        """The full name of one of our topics."""
        return f"{self.prefix}/{name}"

    @property
    def retained(self) -> dict[str, str]:
        """The topics whose newest message counts, by the kind of message."""
        topics = {kind: self.topic(kind) for kind in ("current", "health")}
        return {**topics, "discovery": self.discovery.topic} if self.discovery else topics
