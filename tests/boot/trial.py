"""The installed service in a booted machine, and what may be asked of it."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.boot.machine import SEEN_AS, Machine
from tests.boot.subscriber import Subscriber

UNIT = "moodstream.service"
CONFIG = "/etc/moodstream/config.toml"
PATIENCE_S = 60.0
"""What takes longer never happens, on a busy machine too."""


class CheckFailedError(Exception):
    """What should have been, and what was found."""


def check(holds: object, otherwise: str) -> None:
    """Go on only if it holds."""
    if not holds:
        raise CheckFailedError(otherwise)


def until(condition: Callable[[], object], otherwise: str) -> float:
    """Wait for something, at most ``PATIENCE_S``; gives the seconds that it took."""
    begun_s = time.monotonic()
    while not condition():
        check(time.monotonic() - begun_s < PATIENCE_S, f"{otherwise}, not in {PATIENCE_S:g} s")
        time.sleep(0.1)
    return time.monotonic() - begun_s


class Trial:
    """The service, and a subscriber from when there is a broker.

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
        """What systemctl says, run with these arguments."""
        return self.machine.run("systemctl", *arguments).stdout.strip()

    def show(self, name: str) -> str:
        """A property of the service."""
        return self.systemctl("show", UNIT, "--value", f"--property={name}")

    @property
    def is_active(self) -> bool:
        """Whether systemd was told that it is ready."""
        return self.show("ActiveState") == "active"

    @property
    def pid(self) -> str:
        """Of its main process, as the machine numbers them."""
        return self.show("MainPID")

    @property
    def config(self) -> Path:
        """The person's settings, from outside."""
        return self.machine.root / CONFIG.lstrip("/")

    def journal(self) -> str:
        """What the service logged and what systemd says of it, of all boots."""
        return self.machine.run("journalctl", f"--unit={UNIT}", "--output=cat").stdout

    def ready_s(self) -> float:
        """From the start of its process to its being ready, in seconds."""
        begun, ready = "ExecMainStartTimestampMonotonic", "ActiveEnterTimestampMonotonic"
        return (int(self.show(ready)) - int(self.show(begun))) / 1e6
