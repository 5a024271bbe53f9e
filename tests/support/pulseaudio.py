"""A real sound server."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.program import program, wait_until
from tests.support.server import Server


class PulseAudio(Server):
    """A private audio server with a null sink: what is played into it can be captured."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        socket_path = directory / "native"
        self.environment = {
            **os.environ,
            "XDG_RUNTIME_DIR": str(directory),
            "HOME": str(directory),
            "PULSE_SERVER": f"unix:{socket_path}",
        }
        self._modules = (
            f"module-native-protocol-unix auth-anonymous=1 socket={socket_path}",
            "module-null-sink sink_name=room rate=48000 channels=2",
        )

    def start(self) -> None:
        command = [program("pulseaudio"), "-n", "--exit-idle-time=-1", "--daemonize=no"]
        for module in self._modules:
            command += ["-L", module]
        self._process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(lambda: self._control("set-default-source", "room.monitor") == 0)

    def unload(self) -> None:
        """Take the source away, as if it were unplugged."""
        self._control("unload-module", "module-null-sink")

    def load(self) -> None:
        self._control("load-module", *self._modules[1].split())
        self._control("set-default-source", "room.monitor")

    def suspend(self, *, asleep: bool) -> None:
        # The monitor follows its sink; PulseAudio suspends no monitor alone.
        assert self._control("suspend-sink", "room", str(int(asleep))) == 0

    def play(self, path: Path) -> subprocess.Popen[bytes]:
        command = [program("paplay"), "--device=room", str(path)]
        # It complains when the server is taken away from it.
        return subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL)

    def _control(self, *arguments: str) -> int:
        command = [program("pactl"), *arguments]
        return subprocess.run(
            command, env=self.environment, stderr=subprocess.DEVNULL, check=False
        ).returncode


@pytest.fixture
def pulseaudio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PulseAudio]:
    server = PulseAudio(tmp_path_factory.mktemp("pulse"))
    server.start()
    yield server
    server.kill()
