"""Settings that change while the daemon listens, when the signal of systemctl reload comes."""

import json
import os
import re
import signal
import subprocess
import time
from contextlib import contextmanager

import pytest
import soundfile

from tests.daemon.test_run import changes, daemon
from tests.support.mosquitto import Mosquitto
from tests.support.program import MOODSTREAM, free_port, program, wait_until
from tests.support.signals import glide

NO_DEVICE = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}


@pytest.fixture
def other(tmp_path):
    """A second broker."""
    (tmp_path / "other").mkdir()
    broker = Mosquitto(tmp_path / "other")
    broker.start()
    yield broker
    broker.kill()


class Running:
    """A daemon whose configuration changes."""

    def __init__(self, process, systemd, directory):
        self._process, self._systemd, self._directory = process, systemd, directory

    def reload(self, settings):
        """Let it read these settings; returns when it is ready again."""
        (self._directory / "config.toml").write_text(settings)
        heard = self._systemd.heard
        times = heard.count("READY=1")
        self._process.send_signal(signal.SIGHUP)
        wait_until(lambda: heard.count("READY=1") > times)
        reloading = [line for line in heard if line.startswith("RELOADING=1")][-1]
        asked_us = int(re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=(\d+)", reloading)[1])
        assert 0 <= time.monotonic() - asked_us / 1e6 < 60

    @property
    def status(self):
        lines = [line for line in self._systemd.heard if line.startswith("STATUS=")]
        return lines[-1].removeprefix("STATUS=")

    @property
    def log(self):
        lines = (self._directory / "err").read_text().splitlines()
        return [json.loads(line) for line in lines]


@contextmanager
def running(settings, environment, directory):
    path = directory / "config.toml"
    path.write_text(settings)
    command = [*MOODSTREAM, "run", "--config", str(path)]
    with daemon(command, environment, directory) as (process, systemd):
        yield Running(process, systemd, directory)
        assert process.poll() is None


def test_thresholds_are_taken_up_while_it_listens(pulseaudio, mosquitto, tmp_path):
    """What was silence is heard from now on; it was neither restarted nor interrupted."""
    broker = f"[mqtt]\nurl = '{mosquitto.url}'\n"
    soundfile.write(tmp_path / "glide.wav", glide(120, 48000), 48000)
    sceptic = f"{broker}[smoothing]\nconfident = 1.0\ndoubtful = 1.0\n"
    deaf = f"{broker}[silence]\nopen_dbfs = 0.0\nclose_dbfs = -1.0\n"
    with (
        mosquitto.subscriber("mood/event") as events,
        mosquitto.subscriber("mood/availability") as availability,
        running(deaf, pulseaudio.environment, tmp_path) as daemon_,
    ):
        played = pulseaudio.play(tmp_path / "glide.wav")
        wait_until(lambda: changes(events)[-1:] == [("silence", None)])
        for settings, status in ((sceptic, "uncertain"), (deaf, "silence"), (sceptic, "uncertain")):
            daemon_.reload(settings)
            wait_until(lambda status=status: changes(events)[-1] == (status, None))
            event = json.loads(events[-1])
            assert event["level_dbfs"] > -30
            assert event["position"] > 3
        assert [json.loads(event)["seq"] for event in events] == list(range(1, len(events) + 1))
        assert availability == ["online"]
        played.kill()
        played.wait()


@pytest.mark.parametrize(
    ("mistaken", "reasons"),
    [
        ("[mqtt\n", ["is not TOML"]),
        ("[smothing]\n[mqtt]\nkeepalive_s = 1\n", ["did you mean", "mqtt.keepalive_s"]),
        ("[silence]\nopen_dbfs = -100.0\n", ["close_dbfs -85 is above open_dbfs -100"]),
        ("[mqtt]\nprefix = 'new'\npassword_file = '/nonexistent'\n", ["mqtt.password_file"]),
    ],
)
def test_a_wrong_file_is_refused_and_the_old_settings_stay(mosquitto, tmp_path, mistaken, reasons):
    broker = f"[mqtt]\nurl = '{mosquitto.url}'\n"
    with (
        mosquitto.subscriber("#", "-F", "%t %p") as lines,
        running(broker, NO_DEVICE, tmp_path) as daemon_,
    ):
        wait_until(lambda: any("mood/event" in line for line in lines))
        if "prefix" in mistaken:  # all else of it is right
            mistaken = mistaken.replace("[mqtt]\n", broker)
        daemon_.reload(mistaken)
        (refused,) = [line for line in daemon_.log if "refused" in line["event"]]
        assert len(refused["reasons"]) == len(reasons)
        for said, reason in zip(refused["reasons"], reasons, strict=True):
            assert reason in said
        assert daemon_.status.startswith("no audio: the device is away; the configuration is ref")
        assert reasons[0] in daemon_.status
        lines.clear()
        mosquitto.publish("mood/set", "pause")
        wait_until(lambda: any('"paused"' in line for line in lines))
        assert not any("availability" in line for line in lines)
        wait_until(lambda: daemon_.status.startswith("paused; the configuration is refused"))
        daemon_.reload(broker)
        assert daemon_.status == "paused"


def test_it_moves_to_another_broker_with_all_that_it_knows(mosquitto, other, tmp_path):
    discovery = "[homeassistant]\ndiscovery = true\n"
    before = f"[mqtt]\nurl = '{mosquitto.url}'\nprefix = 'one'\n{discovery}"
    after = f"[mqtt]\nurl = '{other.url}'\nprefix = 'two'\n{discovery}"
    with (
        mosquitto.subscriber("one/event") as first,
        other.subscriber("two/#", "-F", "%t %p") as later,
        running(before, NO_DEVICE, tmp_path) as daemon_,
    ):
        wait_until(lambda: changes(first) == [("no_audio", None)])
        daemon_.reload(after)
        wait_until(lambda: any(line.startswith("two/current") for line in later))
        assert "two/availability online" in later
        (current, *_) = (line for line in later if line.startswith("two/current"))
        since = json.loads(first[0])["since"]
        assert json.loads(current.partition(" ")[2])["since"] == since
        other.publish("two/set", "pause")
        wait_until(lambda: any(line.startswith("two/event") for line in later))
        (event,) = (line for line in later if line.startswith("two/event"))
        assert '"seq":2' in event
        assert '"previous":{"status":"no_audio","mood":null}' in event
        with mosquitto.subscriber("#", "-F", "%t %p") as left:
            wait_until(lambda: left)
            mosquitto.publish("one/set", "resume")
            wait_until(lambda: "one/set resume" in left)
            assert left == ["one/availability offline", "one/set resume"]
        assert len(first) == 1
        daemon_.reload(after.replace(discovery, ""))
        with other.subscriber("#", "-F", "%t %p") as left:
            wait_until(lambda: any("two/current" in line for line in left))
            assert not any("homeassistant" in line for line in left)
        assert '"paused"' in [line for line in later if line.startswith("two/current")][-1]


def test_what_needs_a_restart_is_said_and_the_rest_done(mosquitto, tmp_path):
    broker = f"[mqtt]\nurl = '{mosquitto.url}'\n"
    more = "prefix = 'new'\n[audio]\ndevice = 'usb'\n[pipeline]\nhop_s = 1.0\n"
    with (
        mosquitto.subscriber("new/availability") as availability,
        running(broker, NO_DEVICE, tmp_path) as daemon_,
    ):
        daemon_.reload(broker + more)
        wait_until(lambda: availability == ["online"])
        assert daemon_.status.endswith("a restart is needed to change audio.device, pipeline.hop_s")
        (taken,) = [line for line in daemon_.log if "was read again" in line["event"]]
        assert taken["changed"] == ["mqtt.prefix"]
        daemon_.reload("[mqtt]\nurl = 'embedded'\n")
        assert daemon_.status.endswith("a restart is needed to change mqtt.url, mqtt.prefix")
        assert availability == ["online"]


def test_from_the_embedded_broker_to_another_needs_a_restart(mosquitto, tmp_path):
    port = free_port()
    embedded = f"[mqtt]\nurl = 'embedded://127.0.0.1:{port}'\n"
    with running(embedded, NO_DEVICE, tmp_path) as daemon_:
        daemon_.reload(f"[mqtt]\nurl = '{mosquitto.url}'\n[smoothing]\nlasting_s = 30.0\n")
        assert daemon_.status.endswith("a restart is needed to change mqtt.url")
        (needed,) = [line for line in daemon_.log if "a restart is needed" in line["event"]]
        assert needed["settings"] == ["mqtt.url"]
        (taken,) = [line for line in daemon_.log if "was read again" in line["event"]]
        assert taken["changed"] == ["smoothing.lasting_s"]
        # It is where it was, and listens to what it is told there.
        command = [program("mosquitto_pub"), "-p", str(port), "-t", "mood/set", "-m", "pause"]
        subprocess.run([*command, "-q", "1"], check=True)
        wait_until(lambda: daemon_.status.startswith("paused; a restart is needed"))
