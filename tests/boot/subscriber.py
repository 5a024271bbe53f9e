"""Messages that a subscriber in the booted machine receives."""

import json
import subprocess
import threading
from typing import IO, Any

from tests.boot.machine import Machine


class Subscriber:
    """mosquitto_sub on all topics, retained messages included.

    Args:
        machine: booted, with a broker.
    """

    def __init__(self, machine: Machine) -> None:
        self.events: list[int] = []
        """Their running numbers, as they came."""
        self._last: dict[str, str] = {}
        command = machine.inside("mosquitto_sub", "-v", "-q", "1", "-t", "#")
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._read, args=[self._process.stdout], daemon=True).start()

    def availability(self, prefix: str) -> str:
        """The last one; empty if there was none."""
        return self._last.get(f"{prefix}/availability", "")

    def state(self, prefix: str) -> dict[str, Any]:
        """The last one; empty if there was none."""
        message: dict[str, Any] = json.loads(self._last.get(f"{prefix}/current") or "{}")
        return message

    def _read(self, lines: IO[str]) -> None:
        for line in lines:
            topic, _, payload = line.rstrip("\n").partition(" ")
            if topic.endswith("/event"):
                self.events.append(json.loads(payload)["seq"])
            self._last[topic] = payload
