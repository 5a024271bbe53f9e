"""Installed service in a booted machine, and questions to it."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.boot.machine import SEEN_AS, Machine
from tests.boot.subscriber import Subscriber

UNIT = "moodstream.service"
CONFIG = "/etc/moodstream/config.toml"
PATIENCE_S = 60.0
"""Longest wait; even a busy machine is faster."""


class CheckFailedError(Exception):
    """A check failed; the message says what was expected and found."""


def check(holds: object, otherwise: str) -> None:
    """Raise an error unless a condition holds."""
    if not holds:
        raise CheckFailedError(otherwise)


def until(condition: Callable[[], object], otherwise: str) -> float:
    """Wait for a condition, at most ``PATIENCE_S``; return the seconds that it took."""
    begun_s = time.monotonic()
    while not condition():
        check(time.monotonic() - begun_s < PATIENCE_S, f"{otherwise}, not in {PATIENCE_S:g} s")
        time.sleep(0.1)
    return time.monotonic() - begun_s


class Trial:
    """Service, and a subscriber once there is a broker.

    Args:
        machine: that it is installed on.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.subscriber: Subscriber

    def subscribe(self) -> None:
        """Listen to the machine's broker from now on."""
        self.subscriber = Subscriber(self.machine)

    def make(self, target: str) -> None:
        """Run make in the repository, as root."""
        self.machine.run("make", "-C", SEEN_AS, target)

    def systemctl(self, *arguments: str) -> str:
        """Return the output of systemctl with these arguments."""
        return self.machine.run("systemctl", *arguments).stdout.strip()

    def show(self, name: str) -> str:
        """Return a property of the service."""
        return self.systemctl("show", UNIT, "--value", f"--property={name}")

    @property
    def is_active(self) -> bool:
        """Whether systemd was told that it is ready."""
        return self.show("ActiveState") == "active"

    @property
    def pid(self) -> str:
        """Process id of the service inside the machine."""
        return self.show("MainPID")

    @property
    def config(self) -> Path:
        """The user's settings, as seen from outside."""
        return self.machine.root / CONFIG.lstrip("/")

    def journal(self) -> str:
        """Return the log of the service and of systemd about it, of all boots."""
        return self.machine.run("journalctl", f"--unit={UNIT}", "--output=cat").stdout

    def ready_s(self) -> float:
        """Return the seconds from the start of its process until it was ready."""
        begun, ready = "ExecMainStartTimestampMonotonic", "ActiveEnterTimestampMonotonic"
        return (int(self.show(ready)) - int(self.show(begun))) / 1e6
