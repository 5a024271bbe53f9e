"""Addresses of brokers, and topics."""

import unicodedata
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

EMBEDDED = "embedded"
"""In place of a URL, the broker built into moodstream on the loopback interface. As the scheme of a
URL, the same broker at another address."""
DEFAULT_PORTS = {"mqtt": 1883, "mqtts": 8883}
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Address:
    """The address of a broker."""

    host: str
    port: int
    tls: bool = False
    """Whether the connection is encrypted."""

    @property
    def netloc(self) -> str:
        """Host and port, as in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"mqtt{'s' if self.tls else ''}://{self.netloc}"


EMBEDDED_ADDRESS = Address(LOOPBACK, DEFAULT_PORTS["mqtt"])


def embedded(url: str) -> Address | None:
    """Return the address for the embedded broker; None for another broker.

    Raises:
        ValueError: it is not a valid URL; the message says what to do.
    """
    if url == EMBEDDED:
        return EMBEDDED_ADDRESS
    scheme, found, netloc = url.partition("://")
    return parse(f"mqtt://{netloc}") if found and scheme == EMBEDDED else None


def reached(listening: Address) -> Address:
    """Return the address at which this machine reaches a listener, even one on all interfaces."""
    hosts = {"0.0.0.0": LOOPBACK, "::": "::1"}  # noqa: S104 - only recognised
    return replace(listening, host=hosts.get(listening.host, listening.host))


def check_prefix(prefix: str) -> None:
    """Check a prefix of topics that clients may publish and subscribe to.

    Raises:
        ValueError: a broker would refuse it, or reserves it; the message says why.
    """
    if not prefix or prefix.strip("/") != prefix or set(prefix) & set("+#"):
        raise ValueError(
            f"found {prefix!r}; expected a topic without + and #, not empty, with no / at its ends"
        )
    if prefix.startswith("$"):
        raise ValueError(f"found {prefix!r}; topics that begin with $ belong to the broker")
    # Brokers may end the connection of a client that uses them (MQTT 3.1.1, 1.5.3).
    if bad := next((c for c in prefix if _is_unsendable(c)), ""):
        raise ValueError(f"found {prefix!r}; brokers refuse the character U+{ord(bad):04X}")


def _is_unsendable(character: str) -> bool:
    is_noncharacter = ord(character) & 0xFFFE == 0xFFFE or "\ufdd0" <= character <= "\ufdef"
    return is_noncharacter or unicodedata.category(character) in ("Cc", "Cs")


def parse(url: str) -> Address:
    """Return the address in ``mqtt://HOST[:PORT]``, or in ``mqtts://`` with TLS.

    Raises:
        ValueError: it is not a valid URL; the message says what is wrong and what to do.
    """
    expected = f"expected mqtt://HOST[:PORT], mqtts://HOST[:PORT], '{EMBEDDED}' or {EMBEDDED}://ADDRESS[:PORT]"
    try:
        parts = urlsplit(url)
        port = parts.port
        (parts.hostname or "").encode("idna")  # as the resolver encodes it
    except ValueError as error:
        raise ValueError(f"{error}; {expected}") from error
    if parts.username is not None or parts.password is not None:
        raise ValueError(
            "a login does not belong in the URL: set mqtt.username, mqtt.password_file"
        )
    more = parts.path not in ("", "/") or parts.query or parts.fragment or len(url.split()) > 1
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or port == 0 or more:
        raise ValueError(f"found '{url}'; {expected}")
    tls = parts.scheme == "mqtts"
    return Address(parts.hostname, DEFAULT_PORTS[parts.scheme] if port is None else port, tls)
