"""An MQTT client whose memory no broker can fill."""

from paho.mqtt import client as paho

MAX_PACKET_BYTES = 1 << 16
"""What a broker may send at once: commands are a few bytes."""


class Client(paho.Client):
    """Of a packet that is too long, keeps the beginning and the end.

    A broker that speaks MQTT 5 is told not to send one; with 3.1.1, a message of 256 MB would be
    in memory before anybody saw it.
    """

    def _sock_recv(self, bufsize: int) -> bytes:
        del self._in_packet["packet"][MAX_PACKET_BYTES:]
        return super()._sock_recv(min(bufsize, MAX_PACKET_BYTES))
