"""How a broker is reached, and as whom."""

from __future__ import annotations

import queue
import ssl
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from moodstream.mqtt.url import Address

if TYPE_CHECKING:
    from paho.mqtt import client as paho

ANSWER_S = 10.0


@dataclass(frozen=True)
class Connection:
    """Everything that a client needs."""

    address: Address
    version: str = "3.1.1"
    """Of the protocol: 3.1.1 or 5."""
    username: str = ""
    """Empty is no login."""
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None
    """None for a connection that is not encrypted."""
    keepalive_s: int = 30
    """Seconds after which a silent connection is probed; as long again, and it is given up."""

    def client(self, client_id: str = "") -> paho.Client:
        """A client that :meth:`open` lets connect; without a name it gets one of its own."""
        # Imported late: what needs no broker needs none of it.
        from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion  # noqa: PLC0415

        from moodstream.mqtt.client import Client  # noqa: PLC0415

        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=(
                MQTTProtocolVersion.MQTTv5 if self.version == "5" else MQTTProtocolVersion.MQTTv311
            ),
        )
        if self.username:
            client.username_pw_set(self.username, self.password)
        if self.tls:
            client.tls_set_context(self.tls)
        client.reconnect_delay_set(1, 30)
        return client

    def open(self, client: paho.Client) -> None:
        """Connect in a thread of paho's, as often as it takes."""
        from paho.mqtt.packettypes import PacketTypes  # noqa: PLC0415
        from paho.mqtt.properties import Properties  # noqa: PLC0415

        from moodstream.mqtt.client import MAX_PACKET_BYTES  # noqa: PLC0415

        properties = None
        if self.version == "5":
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            properties.MaximumPacketSize = MAX_PACKET_BYTES
        address = self.address
        client.connect_async(address.host, address.port, self.keepalive_s, properties=properties)
        client.loop_start()

    def retain(self, topic: str, payload: str) -> None:
        """Leave one message with the broker; an empty one removes what is retained there.

        Raises:
            OSError: the broker cannot be reached, or does not take it.
        """
        answers: queue.SimpleQueue[object] = queue.SimpleQueue()

        def on_connect(client: paho.Client, userdata: object, *rest: Any) -> None:
            del userdata
            _, reason, _ = rest
            if reason.is_failure:
                answers.put(reason)
            else:
                client.publish(topic, payload, qos=1, retain=True)

        def on_publish(client: paho.Client, userdata: object, *rest: Any) -> None:
            del client, userdata
            _, reason, _ = rest
            answers.put(reason if reason.is_failure else None)

        client = self.client()
        client.on_connect, client.on_publish = on_connect, on_publish
        client.on_connect_fail = lambda *_: answers.put(sys.exc_info()[1])
        self.open(client)
        try:
            problem = answers.get(timeout=ANSWER_S)
        except queue.Empty:
            problem = f"no answer within {ANSWER_S:g} s"
        finally:
            client.disconnect()
            client.loop_stop()
        if problem is not None:
            raise ConnectionError(f"{self.address}: {problem}")


def tls_context(ca_file: str, cert_file: str, key_file: str) -> ssl.SSLContext:
    """For a broker whose certificate must be good, and be for the name it is reached by.

    Args:
        ca_file: the authority that signed it; empty is any that the system trusts.
        cert_file: our own certificate; empty is none.
        key_file: the key to it; empty if it is in the same file.

    Raises:
        ValueError: one of them cannot be used; the message says which, and why.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:  # as ssl.SSLError is
        raise ValueError(f"mqtt.ca_file '{ca_file}': {error.strerror or error}") from error
    if key_file and not cert_file:
        raise ValueError(f"mqtt.key_file '{key_file}': set mqtt.cert_file, too")
    if cert_file:
        try:
            # A key with a passphrase is refused: nobody is there who could type it.
            context.load_cert_chain(cert_file, key_file or None, password=lambda: b"")
        except OSError as error:
            raise ValueError(
                f"mqtt.cert_file '{cert_file}', key_file '{key_file}': {error.strerror or error}"
            ) from error
    return context
