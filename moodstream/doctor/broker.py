"""Checks of the broker: its name, the connection, the login, a message there and back."""

import errno
import queue
import secrets
import socket
import time
from collections.abc import Generator, Iterator
from contextlib import suppress

from moodstream.config.sections import Config, ConfigError
from moodstream.config.sources import prefixes
from moodstream.doctor.finding import Finding, failure, ok, warning
from moodstream.messages.received import parse
from moodstream.mqtt import url as mqtt_url
from moodstream.mqtt.connection import Connection, listening
from moodstream.mqtt.embedded.broker import is_installed
from moodstream.mqtt.subscriber import TOPICS, subscribed
from moodstream.mqtt.trouble import Trouble, hint
from moodstream.publication import broker_connection

PATIENCE_S = 5.0
TEST_TOPIC = "doctor"
"""Name of the topic for the test message, below the prefix."""


def broker(config: Config) -> Iterator[Finding]:
    """Check whether a daemon with these settings could publish; stop at the first failure."""
    try:
        connection = broker_connection(config)
    except ConfigError:
        yield warning("not examined", "correct the settings first")
        return
    if mqtt_url.embedded(config.mqtt.url) and not listening(connection.address):
        yield _embedded()
        return
    if (yield from opened(connection, PATIENCE_S)):
        for prefix in prefixes(config):
            yield from _visited(connection, prefix)


def opened(connection: Connection, patience_s: float) -> Generator[Finding, None, bool]:
    """Check the connection to the broker, and return whether a login can be tried."""
    for stage in (_reached, _encrypted):
        finding = stage(connection, patience_s)
        if finding:
            yield finding
            if finding.kind != "ok":
                return False
    return True


def _embedded() -> Finding:
    if not is_installed():
        return failure(
            "the embedded broker is not installed",
            "pip install 'moodstream[broker]', or set mqtt.url to another broker",
        )
    return ok("the embedded broker runs only while a daemon runs, and no daemon is running")


def _reached(connection: Connection, patience_s: float) -> Finding:
    """Check the name of the broker, and whether it accepts connections in time."""
    address = connection.address
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return failure(
            f"the host name '{address.host}' is unknown: {error}",
            "check mqtt.url and the network, or set mqtt.url to the broker's IP address",
        )
    numeric = found[0][4][0]
    try:
        socket.create_connection((address.host, address.port), patience_s).close()
    except OSError as error:
        refused = error.errno == errno.ECONNREFUSED
        return failure(
            f"{address} ({numeric}): {error.strerror or error}",
            "start the broker, or check on which interface and port it listens"
            if refused
            else "check that its machine is switched on, and that no firewall blocks the port",
        )
    return ok(f"{address} ({numeric}) accepts connections")


def _encrypted(connection: Connection, patience_s: float) -> Finding | None:
    """Check the certificates by a TLS handshake; return None without TLS."""
    address, context = connection.address, connection.tls
    if context is None:
        return None
    try:
        with (
            socket.create_connection((address.host, address.port), patience_s) as plain,
            context.wrap_socket(plain, server_hostname=address.host) as secured,
        ):
            return ok(f"encrypted with {secured.version()}, the broker's certificate is valid")
    except OSError as error:  # as ssl.SSLError is
        return failure(
            f"no encryption: {error}",
            hint(Trouble.UNREACHED, str(error))
            or "check that mqtt.url names the broker's port for TLS",
        )


def _visited(connection: Connection, prefix: str) -> Iterator[Finding]:
    """Log in, publish to a topic of our own, and read the retained messages."""
    token = secrets.token_hex(8).encode()
    test = f"{prefix}/{TEST_TOPIC}"
    links: queue.SimpleQueue[str] = queue.SimpleQueue()
    arrived: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
    with subscribed(
        connection,
        prefix,
        lambda *message: arrived.put(message),
        links.put,
        (*TOPICS, TEST_TOPIC),
    ) as client:
        login = logged_in(connection.username, links, PATIENCE_S)
        yield login
        if login.kind != "ok":
            return
        client.publish(test, token)
        heard: dict[str, bytes] = {}
        until_s = time.monotonic() + PATIENCE_S
        with suppress(queue.Empty):
            while heard.get(test) != token and time.monotonic() < until_s:
                topic, payload = arrived.get(timeout=PATIENCE_S)
                heard[topic] = payload
    if heard.get(test) == token:
        yield ok(f"a message to {test} came back")
    else:
        yield failure(
            f"a message to {test} did not come back within {PATIENCE_S:g} s",
            f"the broker's access list must let this user write and read {prefix}/#",
        )
    yield daemon(heard.get(f"{prefix}/current"), heard.get(f"{prefix}/availability"), prefix)


def logged_in(username: str, links: "queue.SimpleQueue[str]", patience_s: float) -> Finding:
    """Check whether the broker accepts this user, in time.

    Args:
        username: empty without a login.
        links: problems with the connection; an empty text once it is established.
        patience_s: longest wait, seconds.
    """
    user = f"as '{username}'" if username else "without a login"
    try:
        problem = links.get(timeout=patience_s)
    except queue.Empty:
        problem = f"no answer within {patience_s:g} s"
    if not problem:
        return ok(f"connected, {user}")
    return failure(
        f"not connected, {user}: {problem}",
        "check that mqtt.url names the broker's MQTT port (mqtts:// for TLS), and mqtt.version"
        if Trouble.REFUSED not in problem
        else "set mqtt.username and mqtt.password_file to a user that the broker knows",
    )


def daemon(current: bytes | None, availability: bytes | None, prefix: str) -> Finding:
    """Check the daemon's retained messages."""
    start = "start it, or read its log: journalctl --unit moodstream"
    if current is None:
        return warning(f"no daemon has published below {prefix}/ yet", start)
    state = parse(current)
    if state is None:
        return warning(
            f"{prefix}/current contains no state",
            "another program or version may use this prefix: set mqtt.prefix",
        )
    said = f"{state.mood or state.status} at {state.time[:19]} UTC"
    if availability != b"online":
        return warning(f"the daemon is offline; its last state: {said}", start)
    return ok(f"the daemon is online, its retained state: {said}")
