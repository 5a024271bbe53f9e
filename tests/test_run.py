"""The daemon as its users meet it: a capture device, a broker, a subscriber, signals."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from moodstream.audio.chunk import Block, Gap
from moodstream.audio.ring import Ring
from tests.conftest import MOODSTREAM, hear, run_program, wait_until
from tests.test_pipeline import messages


class Systemd:
    """Listens on a notification socket, as systemd does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.heard: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            self.heard.append(self._socket.recv(4096).decode())


@contextmanager
def daemon(
    *arguments: str, environment: dict[str, str], directory: Path
) -> Iterator[tuple[psutil.Process, Systemd]]:
    """A running `moodstream run`, ready; what it writes is in files of the directory."""
    systemd = Systemd(directory / "notify")
    environment = {
        **environment,
        "NOTIFY_SOCKET": str(systemd.path),
        "WATCHDOG_USEC": "2000000",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    with (directory / "out").open("wb") as out, (directory / "err").open("wb") as err:
        command = [*MOODSTREAM, "run", *arguments]
        process = psutil.Popen(command, env=environment, stdout=out, stderr=err)
    try:
        wait_until(lambda: "READY=1" in systemd.heard or process.poll() is not None)
        yield process, systemd
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        assert "Traceback" not in (directory / "err").read_text()


def changes(lines: list[str]) -> list[tuple[str, str | None]]:
    return [(event["status"], event["mood"]) for event in map(json.loads, lines)]


@pytest.mark.timeout(300)
def test_live_is_as_replayed(pulseaudio, mosquitto, tmp_path, recording):
    """Played into a null sink, captured, published, subscribed: the events of a replay."""
    samples, rate = recording
    samples = samples[100 * rate : 164 * rate]
    played = tmp_path / "played.wav"
    soundfile.write(played, samples, rate)
    replayed = tmp_path / "replayed.wav"
    quiet = np.zeros(6 * rate, np.float32)
    soundfile.write(replayed, np.concatenate((quiet, samples, quiet)), rate)
    lines = run_program("replay", replayed, "--format", "jsonl").stdout.splitlines()
    expected = [json.loads(line) for line in lines if '"type":"event"' in line]

    arguments = ("--broker", mosquitto.url, "--prefix", "den", "--states")
    with (
        mosquitto.subscriber("den/event") as events,
        mosquitto.subscriber("den/current") as states,
        mosquitto.subscriber("den/availability") as availability,
        daemon(*arguments, environment=pulseaudio.environment, directory=tmp_path) as running,
    ):
        process, systemd = running
        wait_until(lambda: ("silence", None) in changes(events))
        assert availability[-1] == "online"
        pulseaudio.play(played).wait()
        wait_until(lambda: changes(events).count(("silence", None)) >= 3, 30)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        wait_until(lambda: availability[-1] == "offline")

    *found, farewell = [json.loads(line) for line in events]
    assert (farewell["status"], farewell["mood"]) == ("no_audio", None)
    assert [event["seq"] for event in found] == list(range(1, len(found) + 1))
    assert [(e["status"], e["mood"]) for e in found] == [(e["status"], e["mood"]) for e in expected]
    # The same moments, to the hop: the stream is not cut where the file is, and a hop is 0.5 s.
    for live, wanted in zip(found[2:], expected[2:], strict=True):
        heard = live["position"] - found[2]["position"]
        assert heard == pytest.approx(wanted["position"] - expected[2]["position"], abs=1.01)
    assert len(states) > 100
    assert json.loads(states[-1])["status"] == "no_audio"
    assert "WATCHDOG=1" in systemd.heard
    assert any(line.startswith("STATUS=the mood is") for line in systemd.heard)
    assert systemd.heard[-1] == "STOPPING=1"
    # What is written is what is published.
    written = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert [w for w in written if w.pop("type") == "event"] == [*found, farewell]


def test_what_was_captured_replays_byte_for_byte(pulseaudio, make_pipeline, recording, tmp_path):
    """The very samples that a microphone gave, as a file, give the very same messages."""
    samples, rate = recording
    played = tmp_path / "played.wav"
    soundfile.write(played, samples[60 * rate : 68 * rate], rate)
    captured = tmp_path / "captured.wav"
    code = """
import sys, threading, numpy as np, soundfile
from moodstream.audio.microphone import Microphone
from moodstream.audio.chunk import Block
stop, blocks = threading.Event(), []
for chunk in Microphone("", 10).chunks(stop):
    assert isinstance(chunk, Block), chunk
    if not blocks:
        print("listening", flush=True)
    blocks.append(chunk)
    if sum(len(b.samples) for b in blocks) > 9 * chunk.rate:
        break
np.save(sys.argv[1] + ".sizes.npy", [len(b.samples) for b in blocks])
soundfile.write(sys.argv[1], np.concatenate([b.samples for b in blocks]), chunk.rate, "FLOAT")
"""
    with subprocess.Popen(
        [sys.executable, "-c", code, str(captured)],
        env=pulseaudio.environment,
        stdout=subprocess.PIPE,
    ) as capture:
        assert b"listening\n" in iter(capture.stdout.readline, b"")
        pulseaudio.play(played)
        assert capture.wait(30) == 0
    heard, heard_rate = soundfile.read(captured, dtype="float32")
    assert np.abs(heard).max() > 0.1
    sizes = np.load(f"{captured}.sizes.npy").tolist()
    live, file = make_pipeline(), make_pipeline()
    expected = messages(live, hear(live, heard, heard_rate, sizes))
    assert messages(file, hear(file, heard, heard_rate, [1 << 15])) == expected


def test_a_device_that_is_lost_is_no_audio_and_comes_back(pulseaudio, mosquitto, tmp_path):
    with (
        mosquitto.subscriber("mood/event") as events,
        daemon(
            *("--broker", mosquitto.url),
            environment=pulseaudio.environment,
            directory=tmp_path,
        ) as (process, systemd),
    ):
        wait_until(lambda: ("silence", None) in changes(events))
        pulseaudio.kill()
        wait_until(lambda: changes(events)[-1] == ("no_audio", None), 3)
        pings = systemd.heard.count("WATCHDOG=1")
        wait_until(lambda: systemd.heard.count("WATCHDOG=1") >= pings + 3)
        away_s = time.monotonic()
        pulseaudio.start()
        wait_until(lambda: changes(events)[-1] == ("silence", None), 60)
        assert time.monotonic() - away_s < 40
        assert changes(events)[-2] == ("warming_up", None)
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0


def test_a_frozen_audio_server_ends_the_process_for_systemd(pulseaudio, mosquitto, tmp_path):
    with (
        mosquitto.subscriber("mood/event") as events,
        daemon(
            *("--broker", mosquitto.url),
            environment=pulseaudio.environment,
            directory=tmp_path,
        ) as (process, _),
    ):
        wait_until(lambda: ("silence", None) in changes(events))
        pulseaudio.freeze()
        wait_until(lambda: changes(events)[-1] == ("no_audio", None), 4)
        assert process.wait(15) == 75
    assert "neither delivers nor closes" in (tmp_path / "err").read_text()


def test_without_any_device_it_waits_for_one(mosquitto, tmp_path):
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    with (
        mosquitto.subscriber("mood/current") as states,
        daemon("--broker", mosquitto.url, environment=environment, directory=tmp_path) as running,
    ):
        wait_until(lambda: len(states) >= 2)
        assert {json.loads(state)["status"] for state in states} == {"no_audio"}
        running[0].send_signal(signal.SIGTERM)
        assert running[0].wait(5) == 0


def test_a_broker_that_is_away_does_not_stop_it(pulseaudio, tmp_path):
    with daemon(
        *("--broker", "mqtt://127.0.0.1:1"),
        environment=pulseaudio.environment,
        directory=tmp_path,
    ) as (process, _):
        wait_until(lambda: "silence" in (tmp_path / "out").read_text())
        process.send_signal(signal.SIGTERM)
        assert process.wait(8) == 0
    logs = (tmp_path / "err").read_text().splitlines()
    assert any("events not delivered" in json.loads(line)["event"] for line in logs)


def test_devices_are_listed(pulseaudio):
    result = run_program("devices", env=pulseaudio.environment)
    assert result.returncode == 0
    assert "* default" in result.stdout
    assert "Hz" in result.stdout
    result = run_program("devices", env={**os.environ, "PULSE_SERVER": "unix:/nonexistent"})
    assert result.returncode == 1
    assert "no capture device" in result.stderr


def test_a_device_is_found_by_a_part_of_its_name_and_never_replaced(pulseaudio):
    code = "from moodstream.audio.microphone import *\n"

    def found(name: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", f"{code}print(find({name!r}).name)"]
        environment = pulseaudio.environment
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    assert found("PUL").stdout == "pulse\n"
    assert found("").stdout == "default\n"
    missing = found("usb mic").stderr
    assert "CaptureError: no capture device 'usb mic'; there are: 'pulse', 'default'" in missing
    assert "give more of the name" in found("ul").stderr


def test_overruns_are_gaps(make_pipeline):
    """A reader that is too late hears nothing across the hole, and the positions stay true."""
    ring = Ring(16000 * 4, 16000)
    ring.write(np.full(16000 * 3, 0.1, np.float32))
    first = ring.read(0)
    ring.write(np.full(16000 * 6, 0.1, np.float32))
    gap, last = ring.read(0), ring.read(0)
    assert isinstance(first, Block)
    assert gap == Gap(16000 * 2, 16000)
    assert isinstance(last, Block)
    pipeline = make_pipeline()
    states = [s.state for chunk in (first, gap, last) for s in pipeline.process(chunk)]
    assert states[6].status == "warming_up"
    assert states[-1].position_n == 9 * 16000


def test_demo_shows_what_a_subscriber_sees(mosquitto, tmp_path):
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent", "COLUMNS": "200"}
    out = tmp_path / "out"
    with out.open("wb") as stream:
        command = [*MOODSTREAM, "demo", "--broker", mosquitto.url]
        process = psutil.Popen(command, env=environment, stdout=stream, stderr=stream)
    wait_until(lambda: "mood/current" in out.read_text())
    process.send_signal(signal.SIGINT)
    assert process.wait(8) == 0
    text = out.read_text()
    assert "No microphone" in text
    assert "bundled recording" in text
    assert "mood/availability   online" in text
    assert text.rstrip().endswith("Ended.")
    assert "Traceback" not in text


def test_demo_brings_its_own_broker_unless_one_is_there_already(tmp_path):
    with socket.socket() as probe:
        is_there = probe.connect_ex(("127.0.0.1", 1883)) == 0
    out = tmp_path / "out"
    with out.open("wb") as stream:
        environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
        process = psutil.Popen([*MOODSTREAM, "demo"], env=environment, stdout=stream, stderr=stream)
    wait_until(lambda: "mood/current" in out.read_text())
    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 0
    text = out.read_text()
    assert "mqtt://127.0.0.1:1883" in text
    assert ("a broker is listening already" in text) == is_there
    assert "Traceback" not in text
