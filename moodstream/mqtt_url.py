"""Where the broker is."""

from dataclasses import dataclass
from urllib.parse import urlsplit

EMBEDDED = "embedded"
"""In place of a URL: the broker that comes with moodstream, on the loopback interface."""
DEFAULT_PORT = 1883
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Address:
    """Of a broker."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"mqtt://{self.host}:{self.port}"


EMBEDDED_ADDRESS = Address(LOOPBACK, DEFAULT_PORT)


def parse(url: str) -> Address:
    """The address in ``mqtt://HOST[:PORT]``.

    Raises:
        ValueError: it is no such URL; the message says what is wrong and what to do.
    """
    expected = f"expected mqtt://HOST[:PORT] or '{EMBEDDED}'"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"{error}; {expected}") from error
    if parts.username is not None or parts.password is not None:
        raise ValueError("a login does not belong into the URL: set mqtt.username, password_file")
    if parts.scheme != "mqtt" or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(f"found '{url}'; {expected}")
    return Address(parts.hostname, DEFAULT_PORT if port is None else port)
