"""Where the broker is."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

EMBEDDED = "embedded"
"""In place of a URL: the broker that comes with moodstream, on the loopback interface. As the
scheme of one: the same at another address."""
DEFAULT_PORTS = {"mqtt": 1883, "mqtts": 8883}
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Address:
    """Of a broker."""

    host: str
    port: int
    tls: bool = False
    """Whether the connection is encrypted."""

    @property
    def netloc(self) -> str:
        """Host and port."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"mqtt{'s' if self.tls else ''}://{self.netloc}"


EMBEDDED_ADDRESS = Address(LOOPBACK, DEFAULT_PORTS["mqtt"])


def embedded(url: str) -> Address | None:
    """Where the embedded broker shall listen; None if the URL is that of another broker.

    Raises:
        ValueError: as :func:`parse`.
    """
    if url == EMBEDDED:
        return EMBEDDED_ADDRESS
    scheme, found, netloc = url.partition("://")
    return parse(f"mqtt://{netloc}") if found and scheme == EMBEDDED else None


def reached(listening: Address) -> Address:
    """The address at which this machine reaches what listens at another, or at all of its own."""
    hosts = {"0.0.0.0": LOOPBACK, "::": "::1"}  # noqa: S104 - only recognised
    return replace(listening, host=hosts.get(listening.host, listening.host))


def parse(url: str) -> Address:
    """The address in ``mqtt://HOST[:PORT]``, or ``mqtts`` with TLS.

    Raises:
        ValueError: it is no such URL; the message says what is wrong and what to do.
    """
    expected = f"expected mqtt://HOST[:PORT], mqtts://HOST[:PORT], '{EMBEDDED}' or {EMBEDDED}://ADDRESS[:PORT]"
    try:
        parts = urlsplit(url)
        port = parts.port
        (parts.hostname or "").encode("idna")  # as it is when the name is looked up
    except ValueError as error:
        raise ValueError(f"{error}; {expected}") from error
    if parts.username is not None or parts.password is not None:
        raise ValueError("a login does not belong into the URL: set mqtt.username, password_file")
    more = parts.path not in ("", "/")
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or port == 0 or more:
        raise ValueError(f"found '{url}'; {expected}")
    tls = parts.scheme == "mqtts"
    return Address(parts.hostname, DEFAULT_PORTS[parts.scheme] if port is None else port, tls)
