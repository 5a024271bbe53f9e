"""``moodstream run``, measured from outside."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.listening.room import DEVICE
from benchmarks.process import MOODSTREAM, environment

READY_S = 60.0
"""Longest time to wait until it is ready, seconds, on a busy machine."""
STOP_S = 30.0
"""Longest time to wait for its end, seconds, on a busy machine."""


@dataclass(frozen=True)
class Threads:
    """Work of all threads of one name."""

    cpu_s: float
    """CPU seconds."""
    waits: float
    """Number of times that they waited and had to be woken up."""

    def __add__(self, other: "Threads") -> "Threads":
        return Threads(self.cpu_s + other.cpu_s, self.waits + other.waits)

    def since(self, before: "Threads", seconds: float) -> "Threads":
        """Return the average of a second since an earlier state."""
        cpu_s, waits = self.cpu_s - before.cpu_s, self.waits - before.waits
        return Threads(cpu_s / seconds, waits / seconds)


class Daemon:
    """Running daemon.

    Args:
        process: its process.
        notifications: socket that receives its messages for systemd.
        begun_s: time of its start on the monotonic clock, seconds.
    """

    def __init__(
        self, process: "subprocess.Popen[bytes]", notifications: socket.socket, begun_s: float
    ) -> None:
        self._process, self._notifications, self._begun_s = process, notifications, begun_s

    def wait_ready(self) -> float:
        """Wait until it is ready; return the seconds from its start to READY=1.

        Raises:
            TimeoutError: it is not ready in time.
        """
        self._notifications.settimeout(READY_S)
        while b"READY=1" not in self._notifications.recv(4096):
            pass
        return self.age_s

    def watch(self, seconds: float) -> list[str]:
        """Wait for this time and return the messages for systemd."""
        until_s = time.monotonic() + seconds
        told = []
        while (left_s := until_s - time.monotonic()) > 0:
            self._notifications.settimeout(left_s)
            try:
                told.append(self._notifications.recv(4096).decode())
            except TimeoutError:
                break
        return told

    @property
    def age_s(self) -> float:
        """Seconds since its start."""
        return time.monotonic() - self._begun_s

    @property
    def cpu_s(self) -> float:
        """CPU seconds of all its threads, user and system, to a hundredth."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def threads(self) -> dict[str, Threads]:
        """Return the work of all its threads, by name."""
        found: dict[str, Threads] = {}
        for task in Path(f"/proc/{self._process.pid}/task").iterdir():
            name = (task / "comm").read_text(encoding="utf-8").strip()
            name = "main" if task.name == str(self._process.pid) else name
            ns = int((task / "schedstat").read_text(encoding="ascii").split()[0])
            status = (task / "status").read_text(encoding="ascii")
            waits = int(status.partition("\nvoluntary_ctxt_switches:")[2].split()[0])
            found[name] = found.get(name, Threads(0, 0)) + Threads(ns / 1e9, waits)
        return found

    def memory_mb(self, field: str) -> float:
        """Return VmRSS, the resident memory, or VmHWM, its largest value; 10^6 bytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith(f"{field}:"))
        return int(line.split()[1]) * 1024 / 1e6


@contextmanager
def daemon(
    bundle: Path, broker: str, variables: Mapping[str, str], program: Sequence[str] = MOODSTREAM
) -> Iterator[Daemon]:
    """Run the daemon during the block.

    Args:
        bundle: directory of the model bundle.
        broker: URL of the broker.
        variables: further environment variables.
        program: command that takes the arguments of moodstream.

    Raises:
        RuntimeError: it failed; the message holds its log.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryFile("w+") as log,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifications,
    ):
        address = f"{folder}/notify"
        notifications.bind(address)
        arguments = ("--bundle", str(bundle), "--broker", broker, "--device", DEVICE)
        command = (*program, "run", *arguments)
        begun_s = time.monotonic()
        process = subprocess.Popen(
            command,
            env=environment({**variables, "NOTIFY_SOCKET": address}),
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        try:
            yield Daemon(process, notifications, begun_s)
        finally:
            process.terminate()
            process.wait(STOP_S)
            if process.returncode:
                log.seek(0)
                raise RuntimeError(f"{command} exited with {process.returncode}:\n{log.read()}")
