"""A running daemon, as systemd starts it."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.support.program import MOODSTREAM, wait_until


class Systemd:
    """Listens on a notification socket, as systemd does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.heard: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            self.heard.append(self._socket.recv(4096).decode())


@contextmanager
def daemon(
    command: list[str], environment: dict[str, str], directory: Path
) -> Iterator[tuple[psutil.Process, Systemd]]:
    """A daemon that is ready; what it writes is in files of the directory."""
    systemd = Systemd(directory / "notify")
    environment = {
        "STATE_DIRECTORY": str(directory / "state"),
        **environment,
        "NOTIFY_SOCKET": str(systemd.path),
        "WATCHDOG_USEC": "2000000",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    with (directory / "out").open("wb") as out, (directory / "err").open("wb") as err:
        process = psutil.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
    try:
        wait_until(lambda: "READY=1" in systemd.heard or process.poll() is not None)
        yield process, systemd
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        assert "Traceback" not in (directory / "err").read_text()


def run(broker: str) -> list[str]:
    return [*MOODSTREAM, "run", "--broker", broker]


def changes(lines: list[str]) -> list[tuple[str, str | None]]:
    return [(event["status"], event["mood"]) for event in map(json.loads, lines)]
