"""The listener in front of amqtt, which refuses unsupported clients and limits queues.

amqtt alone answers an MQTT 5 client with a traceback, keeps messages for absent clients without
bounds, and takes ten seconds to stop. It sends retained messages to clients that did not ask, and
leaves a client connected whose name another one has taken.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from amqtt.adapters import ReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker
from amqtt.session import Session

MAX_CLIENTS = 50
MAX_PACKET_BYTES = 1 << 17
MAX_RETAINED = 1000
"""Largest number of topics with a retained message."""
MAX_WAITING = 100
"""Largest number of messages that wait to be distributed."""
MAX_UNSENT_BYTES = 1 << 20
"""Largest number of bytes that wait for one client."""
CONNECT_S = 10.0
TAKE_OVER_S = 1.0
"""Longest wait for the end of a client whose name another one has."""
WATCH_S = 0.5
BUSY_S = 0.01
LISTENER = "default"
_CONNECT, _PUBLISH = 0x10, 0x30
_MQTT_3_1_1, _MQTT_5 = 4, 5
_NAME = b"\x00\x04MQTT"
_VERSION, _FLAGS, _KEEPALIVE, _ID_BYTES, _ID = 6, 7, slice(8, 10), slice(10, 12), 12
"""Places in the body of a CONNECT packet (MQTT 3.1.1, 3.1.2)."""
_CLEAN_SESSION = 0x02
_REFUSED_3 = b"\x20\x02\x00\x01"
_REFUSED_5 = b"\x20\x03\x00\x84\x00"
"""CONNACK that says "unsupported protocol version" in 3.1.1 and in 5."""


class RefusedError(Exception):
    """A client that is refused, with the answer to it."""

    def __init__(self, answer: bytes = b"") -> None:
        super().__init__("refused")
        self.answer = answer


class DiscreetBroker(Broker):  # type: ignore[misc]
    """A broker that sends retained messages only to clients that have subscribed to them."""

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        # amqtt calls this for each new client, with the subscriptions of all others.
        if any(other is session for other, _ in self._subscriptions.get(subscription[0], ())):
            await super()._publish_retained_messages_for_subscription(subscription, session)


class Gate:
    """The listener in front of amqtt.

    Args:
        broker: receives the accepted connections; their sessions end with the connection.
    """

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._clients: dict[asyncio.Task[None], _Stream] = {}
        self._server: asyncio.Server | None = None
        self._watch: asyncio.Task[None] | None = None

    async def open(self, host: str, port: int) -> None:
        """Listen.

        Raises:
            OSError: nobody can listen there.
        """
        self._server = await asyncio.start_server(self._enter, host, port, reuse_address=True)
        self._watch = asyncio.create_task(self._bound())

    def close(self) -> None:
        """Close all connections, without waiting."""
        if self._server:
            self._server.close()
        if self._watch:
            self._watch.cancel()
        for task, stream in [*self._clients.items()]:
            stream.cut()
            task.cancel()

    async def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._clients) >= MAX_CLIENTS:
            writer.transport.abort()
            return
        stream = self._clients[task] = _Stream(reader, writer, self._is_busy)
        try:
            await asyncio.wait_for(stream.begin(), CONNECT_S)
            await self._end_others(stream, task)
            await self._broker.external_connected(stream, StreamWriterAdapter(writer), LISTENER)
        except RefusedError as refusal:
            writer.write(refusal.answer)
            with suppress(OSError, TimeoutError):
                await asyncio.wait_for(writer.drain(), CONNECT_S)
        except Exception:  # noqa: BLE001, S110 - a client that fails harms nobody else
            pass
        finally:
            del self._clients[task]
            writer.close()

    async def _end_others(self, newest: "_Stream", task: asyncio.Task[None]) -> None:
        """End the earlier clients of a name (MQTT 3.1.1, 3.1.4); two that fight then notice."""
        before = [
            other
            for other, stream in self._clients.items()
            if other is not task and newest.client_id and stream.client_id == newest.client_id
        ]
        for other in before:
            self._clients[other].cut()
        if before:
            await asyncio.wait(before, timeout=TAKE_OVER_S)

    def _is_busy(self) -> bool:
        queue, tasks = self._broker._broadcast_queue, self._broker._tasks_queue  # noqa: SLF001
        if queue.qsize() + len(tasks) <= MAX_WAITING:
            return False
        # amqtt removes finished tasks only with the next message.
        return bool(queue.qsize() or not all(task.done() for task in tasks))

    async def _bound(self) -> None:
        """Disconnect clients that are too slow or gone; remove the oldest retained topics."""
        while True:
            await asyncio.sleep(WATCH_S)
            for stream in [*self._clients.values()]:
                stream.cut_if_stuck()
            retained = self._broker.retained_messages
            for topic in [*retained][: max(0, len(retained) - MAX_RETAINED)]:
                del retained[topic]


class _Stream(ReaderAdapter):  # type: ignore[misc]
    """The packets of a client, read no faster than amqtt works."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        is_busy: Callable[[], bool],
    ) -> None:
        self._reader, self._writer, self._is_busy = reader, writer, is_busy
        self._packet = b""
        self.client_id = b""
        """Name of the client; empty for one that has none."""
        self._heard_s, self._keepalive_s = time.monotonic(), 0

    async def begin(self) -> None:
        """Read the first packet, and request a clean session.

        Raises:
            RefusedError: it is not a CONNECT packet of MQTT 3.1.1.
        """
        header, body = await _read_packet(self._reader)
        if header[0] != _CONNECT or len(body) < _ID:
            raise RefusedError
        version = body[_VERSION]
        if not body.startswith(_NAME) or version != _MQTT_3_1_1:
            raise RefusedError(_REFUSED_5 if version == _MQTT_5 else _REFUSED_3)
        body[_FLAGS] |= _CLEAN_SESSION
        self._keepalive_s = int.from_bytes(body[_KEEPALIVE])
        body[_KEEPALIVE] = b"\0\0"  # amqtt keeps clients that are gone
        self.client_id = bytes(body[_ID:][: int.from_bytes(body[_ID_BYTES])])
        self._packet = header + body

    async def read(self, n: int = -1) -> bytes:
        """Return the next n bytes.

        Raises:
            EOFError, RefusedError: the client is gone, or sends an invalid packet.
        """
        if not self._packet:
            header, body = await _read_packet(self._reader)
            await asyncio.sleep(0)  # a buffered flood would block all other clients
            while header[0] & 0xF0 == _PUBLISH and self._is_busy():  # noqa: ASYNC110
                await asyncio.sleep(BUSY_S)
            self._heard_s = time.monotonic()
            self._packet = header + body
        part, self._packet = self._packet[:n], self._packet[n:]
        return part

    def feed_eof(self) -> None:
        """End the stream."""
        self._reader.feed_eof()

    def cut(self) -> None:
        """Close the connection immediately."""
        self._writer.transport.abort()

    def cut_if_stuck(self) -> None:
        """Close the connection of a client that reads nothing, or sends no keepalive."""
        silent_s = time.monotonic() - self._heard_s
        is_gone = self._keepalive_s and silent_s > 1.5 * self._keepalive_s  # MQTT 3.1.1, 3.1.2.10
        if is_gone or self._writer.transport.get_write_buffer_size() > MAX_UNSENT_BYTES:
            self.cut()


async def _read_packet(reader: asyncio.StreamReader) -> tuple[bytes, bytearray]:
    """Return the header and the body of a packet.

    Raises:
        EOFError: the client is gone.
        RefusedError: the packet is too long.
    """
    header = await reader.readexactly(2)
    while header[-1] & 0x80 and len(header) < 5:
        header += await reader.readexactly(1)
    length = sum((byte & 0x7F) << 7 * at for at, byte in enumerate(header[1:]))
    if length > MAX_PACKET_BYTES:
        raise RefusedError
    return header, bytearray(await reader.readexactly(length))
