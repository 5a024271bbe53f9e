"""``moodstream run``, restarted whenever it ends, as systemd would."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

from tests.reliability.size import Size, size_of
from tests.support.program import MOODSTREAM

RESTART_S = 2.0
"""RestartSec= of the units."""
EX_TEMPFAIL = 75
"""Exit status of a daemon that leaves a stuck audio server, so that systemd restarts it."""

LIVELY = {
    "MOODSTREAM_SILENCE_HOLD_S": "0",
    "MOODSTREAM_SMOOTHING_LASTING_S": "0.1",
    "MOODSTREAM_SMOOTHING_CONFIDENT": "0.25",
    "MOODSTREAM_SMOOTHING_DOUBTFUL": "0.1",
    "MOODSTREAM_MQTT_KEEPALIVE_S": "5",
}
"""Settings that name a mood at once and make each pause a silence: there are many events."""


class Daemon:
    """A daemon and its successors.

    Args:
        directory: for its log, and its state unless the environment has another place.
        broker: its URL.
        environment: of the process.
    """

    def __init__(self, directory: Path, broker: str, environment: Mapping[str, str]) -> None:
        self.log = directory / "log"
        self.exits: list[int] = []
        """The status of each that ended by itself."""
        self._command = [*MOODSTREAM, "run", "--broker", broker]
        self._environment = {
            "STATE_DIRECTORY": str(directory / "state"),
            **environment,
            **LIVELY,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        self.state = Path(self._environment["STATE_DIRECTORY"])
        self._process: psutil.Popen | None = None
        self._due_s = time.monotonic()
        self.watch()

    def watch(self) -> None:
        """Note the end of the process, and start another one when it is time."""
        if self._process and self._process.poll() is not None:
            self.exits.append(self._process.returncode)
            self._gone()
        if not self._process and time.monotonic() >= self._due_s:
            with self.log.open("ab") as log:
                self._process = psutil.Popen(
                    self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=log
                )
            self._begun_s = time.monotonic()

    def kill(self) -> None:
        """Kill the process; :meth:`watch` starts the next one."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._gone()

    def stop(self) -> float:
        """Stop the process as systemd does, and return how long that took, seconds."""
        while not self._process:
            time.sleep(0.1)
            self.watch()
        begun_s = time.monotonic()
        self._process.terminate()
        try:
            self._process.wait(15)
        except psutil.TimeoutExpired:
            self._process.kill()
        if status := self._process.wait():
            self.exits.append(status)
        self._gone()
        return time.monotonic() - begun_s

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._begun_s if self._process else 0.0

    @property
    def size(self) -> Size:
        assert self._process
        return size_of(self._process)

    @property
    def tracebacks(self) -> int:
        return self.log.read_text().count("Traceback")

    def _gone(self) -> None:
        self._process, self._due_s = None, time.monotonic() + RESTART_S
