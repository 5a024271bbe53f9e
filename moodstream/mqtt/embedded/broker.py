"""The embedded broker: amqtt, in its own thread."""

import asyncio
import errno
import ipaddress
import logging
import socket
import threading
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from typing import Any

from moodstream.log import get_logger
from moodstream.mqtt.connection import listening
from moodstream.mqtt.trouble import BrokerError
from moodstream.mqtt.url import Address

START_S = 10.0
STOP_S = 1.0
TAKE_OVER_S = 2.0
"""Seconds between two checks whether another program's broker still runs."""

log = get_logger()


def is_installed() -> bool:
    """Return whether the extra `broker` is installed."""
    return find_spec("amqtt") is not None


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class SharedBroker:
    """The broker at a loopback address, run by this or another program.

    It is started if nothing listens there. If another program's broker listens there, it is used,
    and is replaced when that program ends.

    Args:
        address: where it listens.
        username: the login of its clients; empty admits everybody.
        password: the password that goes with it.

    Raises:
        BrokerError: amqtt is not installed.
    """

    def __init__(self, address: Address, username: str = "", password: str = "") -> None:
        self._address = address
        self._make = partial(EmbeddedBroker, address, username, password)
        self._own = self._make()
        self._is_own = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._stand_by, name="broker guard", daemon=True)

    def start(self) -> None:
        """Start the broker, or find a running one.

        Raises:
            BrokerError: nothing listens there, and the broker cannot be started.
        """
        if listening(self._address):
            log.info("a broker is already listening, using it", broker=str(self._address))
            self._thread.start()
        else:
            self._own.start()
            self._is_own = True

    def stop(self) -> None:
        """Stop the broker, unless it is another program's."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)
        if self._is_own:
            self._own.stop()

    def _stand_by(self) -> None:
        while not self._stop.wait(TAKE_OVER_S):
            if _taken(self._address) or listening(self._address):
                continue
            try:
                self._own.start()
            except BrokerError:  # a third program was faster
                self._own = self._make()
                continue
            self._is_own = True
            log.info("the other broker has ended, replacing it", broker=str(self._address))
            return


def _taken(address: Address) -> bool:
    """Return whether an address is in use, without disturbing the listener by a connection."""
    with socket.socket(socket.AF_INET6 if ":" in address.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


class EmbeddedBroker:
    """A broker for people who have none yet; it speaks MQTT 3.1.1.

    Args:
        address: where it listens.
        username: the login of its clients; empty admits everybody.
        password: the password that goes with it.

    Raises:
        BrokerError: amqtt is not installed.
    """

    def __init__(self, address: Address, username: str = "", password: str = "") -> None:
        if not is_installed():
            raise BrokerError(
                "the embedded broker is not installed: pip install 'moodstream[broker]', "
                "or set mqtt.url to another broker"
            )
        # A client that leaves is not an error.
        logging.getLogger("amqtt").setLevel(logging.CRITICAL + 1)
        logging.getLogger("transitions").setLevel(logging.ERROR)
        self._address = address
        self._plugins: dict[str, dict[str, Any]] = (
            {"moodstream.mqtt.embedded.login.Login": {"username": username, "password": password}}
            if username
            else {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
        )
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="broker", daemon=True)

    def start(self) -> None:
        """Listen, and return when clients can connect.

        Raises:
            BrokerError: nobody can listen there.
        """
        self._thread.start()
        ready = self._ready.wait(START_S)
        if self._failure or not ready:
            reason = self._failure or f"not ready within {START_S:g} s"
            raise BrokerError(f"the embedded broker cannot listen on {self._address}: {reason}")

    def stop(self) -> None:
        """Close all connections and end, within seconds."""
        with suppress(FutureTimeoutError):
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(STOP_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_S)

    async def _close(self) -> None:
        self._gate.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        # amqtt leaves behind tasks of clients that are gone; nothing can be done about them.
        self._loop.set_exception_handler(lambda *_: None)
        try:
            self._loop.run_until_complete(self._open())
            self._ready.set()
            self._loop.run_forever()
        except Exception as error:  # noqa: BLE001 - reported to the thread that waits
            self._failure = error
        finally:
            self._end_tasks()
            self._ready.set()

    def _end_tasks(self) -> None:
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        if left:
            self._loop.run_until_complete(asyncio.wait(left, timeout=STOP_S / 2))
        self._loop.close()

    async def _open(self) -> None:
        from moodstream.mqtt.embedded.gate import LISTENER, DiscreetBroker, Gate  # noqa: PLC0415

        config = {
            "listeners": {LISTENER: {"type": "external", "bind": self._address.netloc}},
            "plugins": self._plugins,
        }
        broker = DiscreetBroker(config, loop=self._loop)
        await broker.start()
        self._gate = Gate(broker)
        await self._gate.open(self._address.host, self._address.port)
