"""A real broker."""

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from moodstream.mqtt import url
from moodstream.mqtt.connection import Connection
from tests.support.program import free_port, program, wait_until
from tests.support.server import Server


class Mosquitto(Server):
    """A real broker on a loopback port, that can be killed and started again."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self.url = f"mqtt://127.0.0.1:{self.port}"
        self._config = directory / "mosquitto.conf"
        self.configure("allow_anonymous true")

    def connection(self, **more: Any) -> Connection:
        return Connection(url.parse(self.url), **more)

    def configure(self, *lines: str) -> None:
        """Settings for the next start; the first ones are of the listener."""
        listener = f"listener {self.port} 127.0.0.1"
        self._config.write_text("\n".join([listener, *lines, "user root", ""]))

    def start(self) -> None:
        command = [program("mosquitto"), "-c", str(self._config)]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        wait_until(self._listens)

    def publish(self, topic: str, payload: str, *options: str) -> None:
        command = [program("mosquitto_pub"), "-p", str(self.port), "-t", topic, "-m", payload]
        subprocess.run([*command, *options], check=True)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    @contextmanager
    def subscriber(self, topic: str, *options: str) -> Iterator[list[str]]:
        """mosquitto_sub on a topic; yields the list that its lines are appended to."""
        sign = "are you there"
        command = [program("mosquitto_sub"), "-p", str(self.port), "-q", "1", *options]
        lines: list[str] = []
        found: list[str] = []

        def read(stream: IO[str]) -> None:
            for line in stream:
                (found if sign in line else lines).append(line.rstrip("\n"))

        def is_there() -> bool:
            self.publish("sign", sign)
            return bool(found)

        with subprocess.Popen(
            [*command, "-t", topic, "-t", "sign"], stdout=subprocess.PIPE, text=True
        ) as process:
            reader = threading.Thread(target=read, args=[process.stdout])
            reader.start()
            try:
                wait_until(is_there)
                yield lines
            finally:
                # SIGTERM may lock it up for good: its handler takes a lock that it may hold.
                process.kill()
                reader.join()


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path)
    broker.start()
    yield broker
    broker.kill()
