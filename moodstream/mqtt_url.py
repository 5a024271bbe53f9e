"""Where the broker is."""

from dataclasses import dataclass
from urllib.parse import urlsplit

EMBEDDED = "embedded"
"""In place of a URL: the broker that comes with moodstream, on the loopback interface."""
DEFAULT_PORTS = {"mqtt": 1883, "mqtts": 8883}
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Address:
    """Of a broker."""

    host: str
    port: int
    tls: bool = False
    """Whether the connection is encrypted."""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"mqtt{'s' if self.tls else ''}://{host}:{self.port}"


EMBEDDED_ADDRESS = Address(LOOPBACK, DEFAULT_PORTS["mqtt"])


def parse(url: str) -> Address:
    """The address in ``mqtt://HOST[:PORT]``, or ``mqtts`` with TLS.

    Raises:
        ValueError: it is no such URL; the message says what is wrong and what to do.
    """
    expected = f"expected mqtt://HOST[:PORT], mqtts://HOST[:PORT] or '{EMBEDDED}'"
    try:
        parts = urlsplit(url)
        port = parts.port
        (parts.hostname or "").encode("idna")  # as it is when the name is looked up
    except ValueError as error:
        raise ValueError(f"{error}; {expected}") from error
    if parts.username is not None or parts.password is not None:
        raise ValueError("a login does not belong into the URL: set mqtt.username, password_file")
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(f"found '{url}'; {expected}")
    tls = parts.scheme == "mqtts"
    return Address(parts.hostname, DEFAULT_PORTS[parts.scheme] if port is None else port, tls)
