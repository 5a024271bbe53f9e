"""Real parts for the tests: the shipped bundle, a broker, a capture device, the whole program."""

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import hypothesis
import numpy as np
import pytest
import soundfile

from moodstream import bundle as bundles
from moodstream import mqtt_url
from moodstream.arrays import Float32
from moodstream.audio.chunk import Block
from moodstream.connection import Connection
from moodstream.demo import RECORDING
from moodstream.normalise import Normaliser
from moodstream.pipeline import Pipeline, Step
from moodstream.texture import Statistics

# A busy machine is no failure: tests decide what is right, benchmarks how fast it is.
hypothesis.settings.register_profile(
    "patient",
    deadline=None,
    suppress_health_check=[
        hypothesis.HealthCheck.too_slow,
        hypothesis.HealthCheck.function_scoped_fixture,
    ],
)
hypothesis.settings.register_profile(
    "long", hypothesis.settings.get_profile("patient"), max_examples=10_000
)
hypothesis.settings.load_profile("patient")

# What programs under test keep is theirs alone, not the user's.
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="moodstream-tests-")
atexit.register(shutil.rmtree, os.environ["XDG_STATE_HOME"])

MOODSTREAM = [sys.executable, "-m", "moodstream"]


def program(name: str) -> str:
    """The path of a program; without it a laptop skips the test, CI fails."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found:
        return found
    message = f"{name} is not installed and only root could install it"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def wait_until(condition: Callable[[], object], timeout_s: float = 20.0) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, "what was waited for did not happen"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def bundle() -> bundles.Bundle:
    return bundles.load(bundles.shipped())


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the shipped bundle, to be spoilt."""
    return shutil.copytree(bundles.shipped(), tmp_path / "bundle")


def read_card(directory: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((directory / bundles.CARD).read_text())
    return card


def change_card(directory: Path, **changes: object) -> None:
    (directory / bundles.CARD).write_text(json.dumps({**read_card(directory), **changes}))


@pytest.fixture(scope="session")
def recording() -> tuple[Float32, int]:
    """The bundled recording, mono [shape=(n,)], and its rate."""
    samples, rate = soundfile.read(RECORDING, dtype="float32")
    return samples.mean(axis=1), rate


@pytest.fixture
def make_pipeline(bundle: bundles.Bundle) -> Callable[..., Pipeline]:
    def make(hop_s: float = 0.5, room: Normaliser | None = None) -> Pipeline:
        return Pipeline(bundle, hop_s, bundle.card.silence, bundle.card.smoothing, room)

    return make


def hear(pipeline: Pipeline, samples: Float32, rate: int, sizes: list[int]) -> list[Step]:
    """All steps of samples cut into blocks of these sizes, over and over."""
    steps, start, turn = [], 0, 0
    while start < len(samples):
        end = start + sizes[turn % len(sizes)]
        steps += pipeline.process(Block(samples[start:end], rate))
        start, turn = end, turn + 1
    return [*steps, *pipeline.finish()]


def run_program(*arguments: object, **more: object) -> subprocess.CompletedProcess[str]:
    """Run moodstream to its end; whatever happens, no traceback may be seen."""
    command = [*MOODSTREAM, *map(str, arguments)]
    options = {"capture_output": True, "text": True, "timeout": 120, **more}
    result = subprocess.run(command, **options)
    assert "Traceback" not in result.stderr
    return result


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Mosquitto:
    """A real broker on a loopback port, that can be killed and started again."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self.url = f"mqtt://127.0.0.1:{self.port}"
        self._config = directory / "mosquitto.conf"
        self.configure("allow_anonymous true")
        self._process: subprocess.Popen[bytes] | None = None

    def connection(self, **more: Any) -> Connection:
        return Connection(mqtt_url.parse(self.url), **more)

    def configure(self, *lines: str) -> None:
        """Settings for the next start; the first ones are of the listener."""
        listener = f"listener {self.port} 127.0.0.1"
        self._config.write_text("\n".join([listener, *lines, "user root", ""]))

    def start(self) -> None:
        command = [program("mosquitto"), "-c", str(self._config)]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        wait_until(self._listens)

    def kill(self) -> None:
        assert self._process
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGCONT)

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


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, and what it signed for the broker and for us; and one that nobody trusts."""
    directory = tmp_path_factory.mktemp("certificates")

    def make(name: str, *options: str) -> None:
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        files = ["-keyout", f"{name}.key", "-out", f"{name}.crt"]
        command = [program("openssl"), "req", "-x509", "-days", "2", "-subj", f"/CN={name}"]
        subprocess.run(
            [*command, *key, *files, *options], cwd=directory, check=True, capture_output=True
        )

    make("authority")
    make("stranger")
    signed = ["-CA", "authority.crt", "-CAkey", "authority.key"]
    make("broker", "-addext", "subjectAltName=IP:127.0.0.1", *signed)
    make("misplaced", "-addext", "subjectAltName=DNS:elsewhere", *signed)
    make("client", *signed)
    for file in directory.iterdir():
        file.chmod(0o644)
    return directory


@pytest.fixture
def encrypted(mosquitto: Mosquitto, certificates: Path) -> Callable[..., str]:
    """Starts the broker with a listener for TLS; gives its URL."""

    def start(certificate: str = "broker") -> str:
        mosquitto.kill()
        port = free_port()
        mosquitto.configure(
            "allow_anonymous true",
            f"listener {port} 127.0.0.1",
            f"cafile {certificates / 'authority.crt'}",
            f"certfile {certificates / certificate}.crt",
            f"keyfile {certificates / certificate}.key",
            "require_certificate true",
        )
        mosquitto.start()
        return f"mqtts://127.0.0.1:{port}"

    return start


class PulseAudio:
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
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [program("pulseaudio"), "-n", "--exit-idle-time=-1", "--daemonize=no"]
        for module in self._modules:
            command += ["-L", module]
        self._process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(lambda: self._control("set-default-source", "room.monitor") == 0)

    def kill(self) -> None:
        assert self._process
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGCONT)

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


def describe(frames: Float32, chroma: Float32, lags: Sequence[int]) -> Float32:
    """The statistics of all of these frames [shape=(width,)]."""
    step_frames = len(frames) // len(chroma)
    statistics = Statistics(len(chroma), step_frames, frames.shape[1], lags)
    statistics.push(frames, chroma)
    return statistics.view()


def glide(seconds: float, rate: int = 16000) -> Float32:
    """A tone that moves, as a voice does; its level never changes."""
    t = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * (200 * t - 40 * np.cos(2 * np.pi * t))
    return (0.1 * sum(np.sin(k * phase) / k for k in range(1, 9))).astype(np.float32)


def noise(seconds: float, rate: int = 16000, level: float = 0.1) -> Float32:
    return (np.random.default_rng(1).standard_normal(round(seconds * rate)) * level).astype("f")
