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
from itertools import dropwhile
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from moodstream import __version__
from moodstream.audio.chunk import Block, Gap
from moodstream.audio.ring import Ring
from tests.support.program import MOODSTREAM, free_port, run_program, wait_until


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
    command: list[str], environment: dict[str, str], directory: Path
) -> Iterator[tuple[psutil.Process, Systemd]]:
    """A daemon that is ready; what it writes is in files of the directory."""
    systemd = Systemd(directory / "notify")
    environment = {
        "STATE_DIRECTORY": str(directory / "state"),
        **environment,
        "NOTIFY_SOCKET": str(systemd.path),
        "WATCHDOG_USEC": "2000000",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    with (directory / "out").open("wb") as out, (directory / "err").open("wb") as err:
        process = psutil.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
    try:
        wait_until(lambda: "READY=1" in systemd.heard or process.poll() is not None)
        yield process, systemd
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        assert "Traceback" not in (directory / "err").read_text()


def run(broker: str) -> list[str]:
    return [*MOODSTREAM, "run", "--broker", broker]


def changes(lines: list[str]) -> list[tuple[str, str | None]]:
    return [(event["status"], event["mood"]) for event in map(json.loads, lines)]


TEE = """
import sys
from moodstream.cli.group import main  # before numpy: BLAS rounds differently in more threads
import numpy as np
import soundfile
from moodstream.audio import microphone
from moodstream.audio.capture import Capture
from moodstream.audio.chunk import Block

came, given, chunks = [], [], microphone.Microphone.chunks

class Tee(Capture):
    def __init__(self, *arguments):
        super().__init__(*arguments, watch=lambda block: came.append(block.copy()))

def tee(self, stop):
    for chunk in chunks(self, stop):
        given.append(chunk)
        yield chunk

microphone.Capture, microphone.Microphone.chunks = Tee, tee
try:
    main(["run", *sys.argv[2:]])
finally:
    blocks = [chunk for chunk in given if isinstance(chunk, Block)]
    # The last blocks may have come too late to be heard.
    samples = np.concatenate(came)[: sum(len(block.samples) for block in blocks)]
    soundfile.write(sys.argv[1], samples, blocks[0].rate, "FLOAT")
"""
"""The daemon, with a listener on all channels of its device: the product itself writes no audio."""


@pytest.mark.timeout(300)
def test_live_is_as_replayed(pulseaudio, mosquitto, tmp_path, recording):
    """Played into a null sink, captured, published, subscribed: the very messages of a replay."""
    samples, rate = recording
    played, captured = tmp_path / "played.wav", tmp_path / "captured.wav"
    soundfile.write(played, samples[120 * rate : 160 * rate], rate)
    command = [sys.executable, "-c", TEE, str(captured)]
    command += ["--broker", mosquitto.url, "--prefix", "den", "--states"]
    with (
        mosquitto.subscriber("den/event") as events,
        mosquitto.subscriber("den/current") as states,
        mosquitto.subscriber("den/availability") as availability,
        daemon(command, pulseaudio.environment, tmp_path) as (process, systemd),
    ):
        wait_until(lambda: ("silence", None) in changes(events))
        assert availability[-1] == "online"
        pulseaudio.play(played).wait()
        wait_until(lambda: changes(events)[-1] == ("silence", None))
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        wait_until(lambda: availability[-1] == "offline")

    result = run_program("replay", captured, "--format", "jsonl")
    *replayed, summary = map(json.loads, result.stdout.splitlines())
    assert summary["duration"] > 45
    assert {state["status"] for state in replayed} >= {"warming_up", "silence", "ok"}
    written = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    found = [timeless(message) for message in written if message["type"] == "state"]
    # How often depends on how long the device took to open.
    first, farewell = found[0], found.pop()
    found = [*dropwhile(lambda state: state == first, found)]
    expected = [timeless(message) for message in replayed if message["type"] == "state"]
    # The end of the file gives up what the resampler held back, and a part of a hop.
    assert found == expected[: len(found)]
    assert len(expected) - len(found) <= 2
    assert first["status"] == farewell["status"] == "no_audio"
    first, *found, farewell = [timeless(json.loads(event)) for event in events]
    expected = [timeless(message) for message in replayed if message["type"] == "event"]
    # To the daemon it is a change that there is audio at all.
    expected[0]["previous"] = {"status": "no_audio", "mood": None}
    assert found == [event | {"seq": event["seq"] + 1} for event in expected]
    assert len(found) >= 5
    assert first["status"] == farewell["status"] == "no_audio"
    assert len(states) > 80
    assert json.loads(states[-1])["status"] == "no_audio"
    assert "WATCHDOG=1" in systemd.heard
    assert any(line.startswith("STATUS=the mood is") for line in systemd.heard)
    assert systemd.heard[-1] == "STOPPING=1"


def timeless(message):
    """What live and replay must agree on: all but the clock, and whose room it is."""
    differing = ("type", "file", "time", "since", "source")
    return {k: v for k, v in message.items() if k not in differing}


def test_a_device_that_is_lost_is_no_audio_and_comes_back(pulseaudio, mosquitto, tmp_path):
    with (
        mosquitto.subscriber("mood/event") as events,
        daemon(run(mosquitto.url), pulseaudio.environment, tmp_path) as (process, systemd),
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
        daemon(run(mosquitto.url), pulseaudio.environment, tmp_path) as (process, _),
    ):
        wait_until(lambda: ("silence", None) in changes(events))
        pulseaudio.freeze()
        wait_until(lambda: changes(events)[-1] == ("no_audio", None), 4)
        assert process.wait(15) == 75
    assert "neither delivers nor closes" in (tmp_path / "err").read_text()


def test_a_source_that_is_suspended_is_no_audio_until_it_delivers_again(
    pulseaudio, mosquitto, tmp_path
):
    with (
        mosquitto.subscriber("mood/event") as events,
        daemon([*run(mosquitto.url), "--log-level", "debug"], pulseaudio.environment, tmp_path) as (
            process,
            _,
        ),
    ):
        wait_until(lambda: ("silence", None) in changes(events))
        pulseaudio.suspend(asleep=True)
        wait_until(lambda: '"retry_s": 2.0' in (tmp_path / "err").read_text(), 40)
        assert "delivers nothing: is it suspended" in (tmp_path / "err").read_text()
        pulseaudio.suspend(asleep=False)
        wait_until(lambda: changes(events)[-2:] == [("warming_up", None), ("silence", None)], 40)
        # It was tried again and again, and nobody was told that anything were heard.
        assert [status for status, _ in changes(events)].count("no_audio") == 2
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0


def test_what_the_device_could_not_keep_is_counted(pulseaudio, mosquitto, tmp_path):
    with (
        mosquitto.subscriber("mood/event") as events,
        mosquitto.subscriber("mood/health") as reports,
        daemon(run(mosquitto.url), pulseaudio.environment, tmp_path) as (process, _),
    ):
        wait_until(lambda: ("silence", None) in changes(events))
        process.suspend()
        time.sleep(16)  # PulseAudio keeps twelve seconds for it
        process.resume()
        wait_until(lambda: json.loads(reports[-1])["lost_samples"] > 0)
        wait_until(lambda: changes(events)[-2:] == [("warming_up", None), ("silence", None)])
        assert 44100 < json.loads(reports[-1])["lost_samples"] < 44100 * 20


def test_it_says_that_an_audio_server_is_frozen_when_it_starts(pulseaudio, mosquitto, tmp_path):
    pulseaudio.freeze()
    mosquitto.publish("mood/current", '{"status":"ok","mood":"happy"}', "-r")
    with (
        mosquitto.subscriber("mood/#", "-F", "%t %p") as lines,
        daemon(run(mosquitto.url), pulseaudio.environment, tmp_path) as (process, systemd),
    ):
        wait_until(lambda: "mood/availability online" in lines)
        before = lines[: lines.index("mood/availability online")]
        assert any('"no_audio"' in line for line in before)
        assert "STATUS=no audio: the device is away" in systemd.heard
        assert process.wait(40) == 75
        wait_until(lambda: lines[-1] == "mood/availability offline")
    assert "the audio system has not answered for" in (tmp_path / "err").read_text()


@pytest.mark.parametrize("is_heard", [True, False])
def test_a_frozen_audio_server_does_not_hold_it_up_when_it_is_stopped(
    pulseaudio, mosquitto, tmp_path, is_heard
):
    if not is_heard:
        pulseaudio.freeze()
    with (
        mosquitto.subscriber("mood/#", "-F", "%t %p") as lines,
        daemon(run(mosquitto.url), pulseaudio.environment, tmp_path) as (process, _),
    ):
        status = "silence" if is_heard else "no_audio"
        wait_until(lambda: any(f'"{status}"' in line for line in lines))
        pulseaudio.freeze()
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        wait_until(lambda: lines[-1] == "mood/availability offline")
    *_, last = [line for line in lines if line.startswith("mood/current")]
    assert '"no_audio"' in last


def test_without_any_device_it_waits_for_one(mosquitto, tmp_path):
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    with (
        mosquitto.subscriber("mood/current") as states,
        daemon(run(mosquitto.url), environment, tmp_path) as running,
    ):
        wait_until(lambda: len(states) >= 2)
        assert {json.loads(state)["status"] for state in states} == {"no_audio"}
        running[0].send_signal(signal.SIGTERM)
        assert running[0].wait(5) == 0


def test_a_broker_that_is_away_does_not_stop_it(pulseaudio, tmp_path):
    with daemon(run("mqtt://127.0.0.1:1"), pulseaudio.environment, tmp_path) as (process, _):
        wait_until(lambda: "silence" in (tmp_path / "out").read_text())
        process.send_signal(signal.SIGTERM)
        assert process.wait(8) == 0
    logs = (tmp_path / "err").read_text().splitlines()
    assert any("events not delivered" in json.loads(line)["event"] for line in logs)


def test_a_frozen_broker_does_not_hold_it_up_when_it_is_stopped(mosquitto, tmp_path):
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    with (
        mosquitto.subscriber("mood/availability") as availability,
        daemon(run(mosquitto.url), environment, tmp_path) as (process, _),
    ):
        wait_until(lambda: availability[-1:] == ["online"])
        mosquitto.freeze()
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        mosquitto.thaw()
        wait_until(lambda: availability[-1] == "offline")


def test_a_host_that_does_not_answer_does_not_hold_it_up_when_it_is_stopped(tmp_path):
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        with (
            socket.create_connection(("127.0.0.1", port)),
            daemon(run(f"mqtt://127.0.0.1:{port}"), environment, tmp_path) as (process, _),
        ):
            wait_until(lambda: any(c.status == "SYN_SENT" for c in process.net_connections()))
            process.send_signal(signal.SIGTERM)
            assert process.wait(5) == 0


def test_events_outlive_daemons_that_are_killed(mosquitto, tmp_path):
    """Three die while the broker is away; the fourth delivers what all have seen, numbered on."""
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    environment["STATE_DIRECTORY"] = str(tmp_path / "state")
    journal = tmp_path / "state" / "events.journal"
    mosquitto.kill()
    for killed in range(3):
        directory = tmp_path / str(killed)
        directory.mkdir()
        with daemon(run(mosquitto.url), environment, directory) as (process, _):
            wait_until(lambda entered=f"+ {killed + 1} ": entered in journal.read_text())
            process.kill()
            process.wait()
    mosquitto.start()
    with (
        mosquitto.subscriber("mood/event") as events,
        daemon(run(mosquitto.url), environment, tmp_path) as (process, _),
    ):
        wait_until(lambda: len(events) >= 4)
        assert [json.loads(event)["seq"] for event in events] == [1, 2, 3, 4]
        assert len(set(events)) == 4


def test_the_mood_of_a_dead_daemon_is_gone_before_there_is_one_online(mosquitto, tmp_path):
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    mosquitto.publish("mood/current", '{"status":"ok","mood":"happy"}', "-r")
    with (
        mosquitto.subscriber("mood/#", "-F", "%t %p") as lines,
        daemon(run(mosquitto.url), environment, tmp_path),
    ):
        wait_until(lambda: "mood/availability online" in lines)
        before = lines[: lines.index("mood/availability online")]
        states = [json.loads(line.split(" ", 1)[1]) for line in before if "mood/current" in line]
        assert [(s["status"], s["mood"]) for s in states] == [("ok", "happy"), ("no_audio", None)]


def test_devices_are_listed(pulseaudio):
    result = run_program("devices", env=pulseaudio.environment)
    assert result.returncode == 0
    assert "* default" in result.stdout
    assert "Hz" in result.stdout
    result = run_program("devices", env={**os.environ, "PULSE_SERVER": "unix:/nonexistent"})
    assert result.returncode == 1
    assert "no capture device" in result.stderr


def test_a_device_is_found_by_a_part_of_its_name_and_never_replaced(pulseaudio):
    code = "from moodstream.audio.device import *\n"

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


def test_it_pauses_when_asked_and_tells_its_health(mosquitto, tmp_path):
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    mosquitto.publish("mood/set", "pause", "-r")
    with (
        mosquitto.subscriber("mood/event") as events,
        mosquitto.subscriber("mood/health") as reports,
        daemon([*MOODSTREAM, "demo", "--broker", mosquitto.url], environment, tmp_path),
    ):
        wait_until(lambda: changes(events)[-1:] == [("warming_up", None)])
        for nonsense in ("Pause", "pause ", "pause\n", "{}", "\x1b[2J", "x" * 100_000):
            mosquitto.publish("mood/set", nonsense)
        mosquitto.publish("mood/set", "pause")
        wait_until(lambda: changes(events)[-1] == ("paused", None))
        assert [status for status, _ in changes(events)].count("paused") == 1
        mosquitto.publish("mood/set", "resume")
        wait_until(lambda: changes(events)[-1] == ("warming_up", None))
        report = json.loads(reports[0])
        assert report["frames"] == 0
        assert report["inference_p50_ms"] is None
        mosquitto.kill()
        mosquitto.start()
        with mosquitto.subscriber("mood/health") as later:
            wait_until(lambda: later and json.loads(later[-1])["reconnects"] == 1)
        report = json.loads(later[-1])
        assert report["frames"] > 0
        assert 0 < report["inference_p50_ms"] <= report["inference_p95_ms"]
        assert report["version"] == __version__
        assert 20 < report["memory_mb"] < 400
        assert 0 < report["cpu_s"] < 60
        assert (report["lost_samples"], report["lost_events"]) == (0, 0)
    logs = (tmp_path / "err").read_text()
    assert logs.count("unknown command") == 1
    assert "\x1b[2J" not in logs
    assert "x" * 50 not in logs


def test_daemons_that_share_a_broker_do_not_disturb_each_other(mosquitto, tmp_path):
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with (
        mosquitto.subscriber("a/one/#", "-F", "%t %p") as one,
        mosquitto.subscriber("a/two/#", "-F", "%t %p") as two,
        daemon([*run(mosquitto.url), "--prefix", "a/one"], environment, tmp_path / "one") as first,
        daemon([*run(mosquitto.url), "--prefix", "a/two"], environment, tmp_path / "two"),
    ):
        mosquitto.publish("a/one/set", "pause")
        wait_until(lambda: any('"paused"' in line for line in one))
        first[0].kill()
        wait_until(lambda: "a/one/availability offline" in one)
        states = len(two)
        wait_until(lambda: len(two) > states + 2)
        topics = [line.partition(" ")[0] for line in two]
        assert topics.count("a/two/event") == 1
        assert [line for line in two if "availability" in line] == ["a/two/availability online"]
        assert not any('"paused"' in line for line in two)
        assert not any('"reconnects":1' in line for line in two)


@pytest.mark.parametrize("is_there", [False, True])
def test_demo_brings_its_own_broker_unless_one_is_there_already(mosquitto, tmp_path, is_there):
    port = mosquitto.port if is_there else free_port()
    out = tmp_path / "out"
    command = [*MOODSTREAM, "demo", "--broker", f"embedded://127.0.0.1:{port}"]
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    with mosquitto.subscriber("mood/current") as states, out.open("wb") as stream:
        process = psutil.Popen(command, env=environment, stdout=stream, stderr=stream)
        wait_until(lambda: "warming up" in out.read_text(), 60)
        listens = [
            connection.laddr.port
            for connection in process.net_connections()
            if connection.status == psutil.CONN_LISTEN
        ]
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0
        if is_there:
            wait_until(lambda: states)
    assert listens == ([] if is_there else [port])
    assert bool(states) == is_there
    text = out.read_text()
    assert f"mqtt://127.0.0.1:{port}" in text
    assert "Traceback" not in text
