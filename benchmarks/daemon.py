"""``moodstream run``, watched from outside."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.process import environment, moodstream
from benchmarks.room import DEVICE

READY_S = 15.0
STOP_S = 10.0


class Daemon:
    """A running daemon.

    Args:
        process: its process.
        notifications: the socket that it tells its state to, as it would tell systemd.
        begun_s: when it was started, on the monotonic clock.
    """

    def __init__(
        self, process: "subprocess.Popen[bytes]", notifications: socket.socket, begun_s: float
    ) -> None:
        self._process, self._notifications, self._begun_s = process, notifications, begun_s

    def wait_ready(self) -> float:
        """Seconds from its start to READY=1.

        Raises:
            TimeoutError: it is not.
        """
        self._notifications.settimeout(READY_S)
        while b"READY=1" not in self._notifications.recv(4096):
            pass
        return self.age_s

    def watch(self, seconds: float) -> list[str]:
        """What it tells systemd in this time."""
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
        """Seconds of all its threads so far, user and system; hundredths count."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self, field: str) -> float:
        """VmRSS, resident now, or VmHWM, the most so far; 10^6 bytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith(f"{field}:"))
        return int(line.split()[1]) * 1024 / 1e6


@contextmanager
def daemon(bundle: Path, broker: str, variables: Mapping[str, str]) -> Iterator[Daemon]:
    """Run it meanwhile.

    Raises:
        RuntimeError: it failed; with its log.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryFile("w+") as log,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifications,
    ):
        address = f"{folder}/notify"
        notifications.bind(address)
        command = moodstream("run", "--bundle", bundle, "--broker", broker, "--device", DEVICE)
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
