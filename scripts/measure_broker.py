"""Measure a mosquitto that many rooms publish to, as `moodstream run` does.

    scripts/measure_broker.py 500 2000

Each room has a connection of its own, and publishes its retained state twice a second with QoS 1.
One subscriber takes all of it. The processor time and the memory are those of the broker.
"""

import argparse
import multiprocessing
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

STATE_BYTES = 506
"""Length of a state of the contract, as a replay of the bundled recording has them."""
PERIOD_S = 0.5
"""Seconds between two states of a room."""
SECONDS = 15.0
"""Length of a measurement."""
PROCESSES = 4
"""Processes that play the rooms."""
MIB = 1 << 20


def packet(kind: int, body: bytes) -> bytes:
    """Return an MQTT packet: its kind, the length of its body in 7-bit groups, and the body."""
    length, encoded = len(body), bytearray()
    while True:
        length, part = length >> 7, length & 127
        encoded.append(part | (128 if length else 0))
        if not length:
            return bytes([kind]) + bytes(encoded) + body


def text(value: str) -> bytes:
    """Return text as MQTT has it: its length, and UTF-8."""
    encoded = value.encode()
    return len(encoded).to_bytes(2, "big") + encoded


def connected(port: int, name: str) -> socket.socket:
    """Return a connection that the broker has accepted."""
    opened = socket.create_connection(("127.0.0.1", port))
    opened.sendall(packet(0x10, text("MQTT") + b"\x04\x02\x00\x3c" + text(name)))
    assert opened.recv(4) == b"\x20\x02\x00\x00"  # noqa: S101 - accepted
    opened.setblocking(False)
    return opened


def play(port: int, first: int, count: int, until_s: float) -> None:
    """Publish the states of some rooms until a time of the monotonic clock."""
    rooms = [
        (connected(port, f"room{i}"), f"house/{i}/current") for i in range(first, first + count)
    ]
    number = 0
    due_s = time.monotonic()
    while due_s < until_s:
        number = number % 65535 + 1
        for opened, topic in rooms:
            head = text(topic) + number.to_bytes(2, "big")
            with suppress(BlockingIOError):
                opened.send(packet(0x33, head + b"x" * STATE_BYTES))
            with suppress(BlockingIOError):
                opened.recv(4096)  # acknowledgements
        due_s += PERIOD_S
        time.sleep(max(0.0, due_s - time.monotonic()))


@contextmanager
def mosquitto() -> Iterator[tuple[psutil.Process, int]]:
    """Run a broker; give its process and its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "mosquitto.conf"
        settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
        environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"}
        command = ["mosquitto", "-c", str(settings)]
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
            time.sleep(1)
            yield psutil.Process(process.pid), port
            process.kill()


def measure(rooms: int) -> str:
    """Return a row of the table for a number of rooms."""
    with mosquitto() as (broker, port), tempfile.TemporaryFile() as received:
        command = ["mosquitto_sub", "-p", str(port), "-t", "house/#", "-F", "x"]
        with subprocess.Popen(command, stdout=received) as subscriber:
            until_s = time.monotonic() + rooms / 500 + 2 + SECONDS
            share = rooms // PROCESSES
            players = [
                multiprocessing.Process(target=play, args=(port, i * share, share, until_s))
                for i in range(PROCESSES)
            ]
            for player in players:
                player.start()
            time.sleep(max(0.0, until_s - SECONDS - time.monotonic()))
            before, taken = broker.cpu_times(), os.fstat(received.fileno()).st_size
            begun_s = time.monotonic()
            time.sleep(SECONDS - 2)
            wall_s = time.monotonic() - begun_s
            after, memory = broker.cpu_times(), broker.memory_info().rss
            taken = os.fstat(received.fileno()).st_size - taken
            for player in players:
                player.join()
            subscriber.kill()
    cpu = (after.user + after.system - before.user - before.system) / wall_s
    rate = taken / len("x\n") / wall_s
    return f"| {rooms} | {2 * rooms} | {rate:.0f} | {cpu:.1%} | {memory / MIB:.0f} MiB |"


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rooms", type=int, nargs="+")
    asked = parser.parse_args()
    print("| rooms | states a second | of these received | mosquitto, of a core | memory |")
    print("|---|---|---|---|---|")
    for rooms in asked.rooms:
        print(measure(rooms), flush=True)


if __name__ == "__main__":
    main()
