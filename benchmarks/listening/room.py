"""Capture device without a sound card, in which a recording plays; and a broker."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.process import Missing

DEVICE = "pulse"
"""PortAudio's name of the default source of the audio server."""
START_S = 10.0
"""Longest time that a server may take to start, seconds."""


@contextmanager
def sound_server(folder: Path) -> Iterator[dict[str, str]]:
    """Run a private PulseAudio whose default source is the monitor of a null sink.

    Yields:
        environment variables by which its clients find it.
    """
    control = program("pactl")
    address = folder / "native"
    variables = {"XDG_RUNTIME_DIR": str(folder), "PULSE_SERVER": f"unix:{address}"}
    command = [program("pulseaudio"), "-n", "--exit-idle-time=-1", "--daemonize=no"]
    for module in (
        f"module-native-protocol-unix auth-anonymous=1 socket={address}",
        "module-null-sink sink_name=room rate=48000 channels=2",
    ):
        command += ["-L", module]
    with background(command, {**variables, "HOME": str(folder)}):
        choose = [control, "set-default-source", "room.monitor"]
        wait_until(lambda: quiet(choose, variables).wait() == 0, "PulseAudio")
        yield variables


@contextmanager
def playing(path: Path, variables: Mapping[str, str], latency_ms: int) -> Iterator[None]:
    """Play a file into the room, in real time.

    Args:
        path: of the file.
        variables: environment variables by which the sound server is found.
        latency_ms: milliseconds of audio that the sink holds; captured audio comes in steps of up
            to as much. Short ones wake up all clients of the sound server often.
    """
    options = ("--device=room", f"--latency-msec={latency_ms}")
    with background([program("paplay"), *options, str(path)], variables):
        yield


@contextmanager
def broker() -> Iterator[str]:
    """Run a mosquitto on a free port of the loopback interface; yield its URL."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with background([program("mosquitto"), "-p", str(port)], {}):
        wait_until(lambda: accepts(port), "mosquitto")
        yield f"mqtt://127.0.0.1:{port}"


@contextmanager
def background(command: list[str], variables: Mapping[str, str]) -> Iterator[None]:
    """Run a server during the block."""
    process = quiet(command, variables)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def quiet(command: list[str], variables: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start a program without output."""
    return subprocess.Popen(
        command,
        env={**os.environ, **variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def program(name: str) -> str:
    """Return the path of a program.

    Raises:
        Missing: it is not installed.
    """
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if not found:
        raise Missing(f"{name} is not installed")
    return found


def accepts(port: int) -> bool:
    """Return whether a server listens at this port of the loopback interface."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds.

    Raises:
        RuntimeError: it does not hold in time.
    """
    until_s = time.monotonic() + START_S
    while not condition():
        if time.monotonic() > until_s:
            raise RuntimeError(f"{what} does not start")
        time.sleep(0.05)
