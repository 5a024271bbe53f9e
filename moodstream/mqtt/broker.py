"""The embedded broker: amqtt, in a thread of its own."""

import asyncio
import ipaddress
import logging
import socket
import threading
from typing import Any

from moodstream.mqtt.url import Address

START_S = 10.0


class BrokerError(Exception):
    """The embedded broker cannot run; the message says why and what to do."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listening(address: Address) -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((address.host, address.port), timeout=1):
            return True
    except OSError:
        return False


class EmbeddedBroker:
    """A broker for those who have none yet.

    Args:
        address: where it listens.
        username: that clients must give, with the password; empty lets everybody in.
        password: likewise.

    Raises:
        BrokerError: amqtt is not installed.
    """

    def __init__(self, address: Address, username: str = "", password: str = "") -> None:
        try:
            from amqtt.broker import Broker  # noqa: PLC0415
        except ImportError as error:
            raise BrokerError(
                "the embedded broker is not installed: pip install 'moodstream[broker]', "
                "or set mqtt.url to a broker of yours"
            ) from error
        logging.getLogger("amqtt").setLevel(logging.CRITICAL)  # a client that leaves is no error
        logging.getLogger("transitions").setLevel(logging.ERROR)
        self._make = Broker
        self._address = address
        self._plugins: dict[str, dict[str, Any]] = (
            {"moodstream.mqtt.broker_login.Login": {"username": username, "password": password}}
            if username
            else {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
        )
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="broker", daemon=True)

    def start(self) -> None:
        """Listen; returns when clients can connect.

        Raises:
            BrokerError: it cannot listen there.
        """
        self._thread.start()
        ready = self._ready.wait(START_S)
        if self._failure or not ready:
            reason = self._failure or f"not ready within {START_S:g} s"
            raise BrokerError(f"the embedded broker cannot listen on {self._address}: {reason}")

    def stop(self) -> None:
        """Close all connections and end."""
        asyncio.run_coroutine_threadsafe(self._broker.shutdown(), self._loop).result(START_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(START_S)

    def _run(self) -> None:
        config = {
            "listeners": {
                "default": {
                    "type": "tcp",
                    "bind": self._address.netloc,
                    "max_connections": 50,
                }
            },
            "plugins": self._plugins,
        }
        asyncio.set_event_loop(self._loop)
        try:
            self._broker = self._make(config, loop=self._loop)
            self._loop.run_until_complete(self._broker.start())
        except Exception as error:  # noqa: BLE001 - told to the thread that waits
            self._failure = error
            return
        finally:
            self._ready.set()
        self._loop.run_forever()
