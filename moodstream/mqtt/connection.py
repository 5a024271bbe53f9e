"""A broker, and how to reach it."""

import queue
import secrets
import socket
import ssl
from dataclasses import dataclass, field

from moodstream.mqtt.url import Address

ANSWER_S = 10.0
CLOSE_S = 2.0


@dataclass(frozen=True)
class Connection:
    """Everything that a client must know about a broker."""

    address: Address
    version: str = "3.1.1"
    """MQTT protocol version: 3.1.1 or 5."""
    username: str = ""
    """Login; empty for none."""
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None
    """Certificates; None for an unencrypted connection."""
    keepalive_s: int = 30
    """Seconds without traffic after which the connection is tested. After the same time again, it
    is closed."""

    def retain(self, topic: str, payload: str) -> None:
        """Publish a retained message; an empty one removes the retained message.

        Raises:
            OSError: the broker cannot be reached, or refuses the message.
        """
        # Imported late: a replay that publishes nothing does not load paho.
        from moodstream.mqtt.client import Client, Handlers  # noqa: PLC0415

        answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        handlers = Handlers(
            up=lambda: answers.put(""),
            down=lambda trouble, reason: answers.put(f"{trouble}: {reason}"),
            answered=lambda _, refusal: answers.put(refusal),
        )
        client = Client(self, handlers, guest_id())
        client.open()
        try:
            problem = answers.get(timeout=ANSWER_S)  # there is a connection
            if not problem:
                client.publish(topic, payload, retain=True)
                problem = answers.get(timeout=ANSWER_S)
        except queue.Empty:
            problem = f"no answer within {ANSWER_S:g} s"
        finally:
            client.close(CLOSE_S)
        if problem:
            raise ConnectionError(f"{self.address}: {problem}")


def listening(address: Address) -> bool:
    """Return whether a program accepts connections at an address."""
    try:
        with socket.create_connection((address.host, address.port), timeout=1):
            return True
    except OSError:
        return False


def guest_id() -> str:
    """Return a unique client id, short enough for every broker."""
    return f"moodstream-{secrets.token_hex(6)}"


def tls_context(ca_file: str, cert_file: str, key_file: str) -> ssl.SSLContext:
    """Return a context that checks the broker's certificate and its name.

    Args:
        ca_file: certificate of the authority that signed it; empty for any trusted authority.
        cert_file: our certificate; empty for none.
        key_file: the key to our certificate; empty if it is in the same file.

    Raises:
        ValueError: a file cannot be used; the message says which, and why.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:  # as ssl.SSLError is
        raise ValueError(f"mqtt.ca_file '{ca_file}': {error.strerror or error}") from error
    if key_file and not cert_file:
        raise ValueError(f"mqtt.key_file '{key_file}': set mqtt.cert_file as well")
    if cert_file:
        try:
            # A key with a passphrase is refused, because nobody could type it.
            context.load_cert_chain(cert_file, key_file or None, password=lambda: b"")
        except OSError as error:
            raise ValueError(
                f"mqtt.cert_file '{cert_file}', key_file '{key_file}': {error.strerror or error}"
            ) from error
    return context
