"""The daemon and its capture device: lost, frozen, suspended, absent, chosen."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from moodstream.audio.chunk import Block, Gap
from moodstream.audio.ring import Ring
from tests.support.daemon import changes, daemon, run
from tests.support.program import run_program, wait_until


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
    assert "use a longer part of the name" in found("ul").stderr


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
