"""The live view: on a terminal, on a pipe, from a real broker."""

import json
import os
import signal
import subprocess
import sys
import termios

from tests.support.messages import SILENCE, said
from tests.support.program import MOODSTREAM, program, wait_until
from tests.support.terminal import watching


def test_a_terminal_shows_the_mood_and_gets_back_what_it_was(mosquitto, publish):
    publish("den/availability", b"online", "-r")
    publish("den/current", said(), "-r")
    with watching(80, 30, "--broker", mosquitto.url, "--prefix", "den") as watched:
        wait_until(lambda: watched.shows("live from kitchen"))
        assert watched.picture[0] == f"moodstream  den at {mosquitto.url}"
        assert "HAPPY  83%  Q1  since 20:15:03 UTC" in watched.picture
        bars = {row.split()[1]: row.count("█") for row in watched.picture if row[:2].strip()}
        assert bars["happy"] == round(0.83 * 60 - 0.5)
        assert bars["happy"] > bars["surprised"] > bars["sad"] > 0
        assert watched.shows("+0.62")
        assert watched.shows("-0.41")
        assert watched.shows("-18.2")
        publish("den/health", b'{"frames": 4711, "lost": {"samples": 12}}')
        wait_until(lambda: watched.shows("frames 4711   lost.samples 12"))
        publish("den/current", json.dumps(SILENCE).encode())
        wait_until(lambda: watched.shows("SILENCE"))
        assert not watched.shows("83%")
        watched.resize(40, 10)
        wait_until(lambda: max(map(len, watched.picture)) == 40)
        watched.type(b"typed")
        watched.type(b"\x03")
        assert watched.process.wait(5) == 0
        assert termios.tcgetattr(watched.slave) == watched.before
        wait_until(lambda: watched.written.endswith("\x1b[?7h\x1b[?25h\x1b[?1049l"))
        assert "typed" not in watched.written


def test_what_is_away_is_said_and_no_mood_pretends_to_be_live(mosquitto, publish):
    publish("den/availability", b"online", "-r")
    publish("den/current", said(), "-r")
    with watching(80, 30, "--broker", mosquitto.url, "--prefix", "den") as watched:
        wait_until(lambda: watched.shows("HAPPY"))
        publish("den/availability", b"offline", "-r")
        wait_until(lambda: watched.shows("offline: the daemon has left the broker"))
        assert watched.shows("last heard: happy")
        assert not watched.shows("HAPPY")
        mosquitto.kill()
        wait_until(lambda: watched.shows("trying again"))
        mosquitto.start()
        wait_until(lambda: not watched.shows("trying again"))
        publish("den/availability", b"online", "-r")
        publish("den/current", said(mood="sad"), "-r")
        wait_until(lambda: watched.shows("SAD"))


def test_a_watcher_throws_nobody_out(mosquitto):
    command = [*MOODSTREAM, "run", "--broker", mosquitto.url]
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    with mosquitto.subscriber("mood/availability") as availability:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, env=environment, **quiet) as daemon:
            with (
                watching(80, 24, "--broker", mosquitto.url) as one,
                watching(80, 24, "--broker", mosquitto.url) as other,
            ):
                wait_until(lambda: one.shows("NO AUDIO") and other.shows("NO AUDIO"))
            daemon.terminate()
        wait_until(lambda: availability[-1] == "offline")
        assert availability == ["online", "offline"]


def test_a_wrong_login_is_said_and_never_told(mosquitto, tmp_path):
    mosquitto.kill()
    passwords = tmp_path / "passwords"
    subprocess.run([program("mosquitto_passwd"), "-b", "-c", passwords, "me", "pass"], check=True)
    passwords.chmod(0o644)
    mosquitto.configure(f"password_file {passwords}")
    mosquitto.start()
    settings = tmp_path / "config.toml"
    for password, shown in (("hunter2", "broker refused: "), ("pass", "no state has arrived")):
        settings.write_text(
            f'[mqtt]\nurl = "{mosquitto.url}"\nusername = "me"\npassword = "{password}"\n'
        )
        with watching(80, 24, "--config", str(settings)) as watched:
            wait_until(lambda watched=watched, shown=shown: watched.shows(shown))
            assert password not in watched.written.replace("password", "")


def test_a_pipe_gets_lines(mosquitto, publish):
    publish("den/current", said(), "-r")
    command = [*MOODSTREAM, "watch", "--broker", mosquitto.url, "--prefix", "den"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        first = process.stdout.readline().decode()
        publish("den/event", said(seq=7))
        publish("den/set", b"pause")
        publish("den/health", b'{"frames": 1}\x1b[2J')
        publish("den/health", b'{"frames": 4711, "lost_samples": 0}')
        second, third, fourth = (process.stdout.readline().decode() for _ in range(3))
        mosquitto.kill()
        assert process.stderr.readline() == b"broker: connected\n"
        assert b"connection lost" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(8) == 0
    assert first.split()[:4] == ["den/current", "20:15:09", "ok", "happy"]
    assert second.split()[-1] == "#7"
    assert fourth.split() == ["den/health", "frames", "4711", "lost_samples", "0"]
    assert third.split() == ["den/health", '{"frames":', "1}�[2J"]


def test_a_pipe_that_is_closed_ends_it(mosquitto, publish):
    publish("den/current", said(), "-r")
    command = [*MOODSTREAM, "watch", "--broker", mosquitto.url, "--prefix", "den"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        publish("den/current", said())
        assert process.wait(8) == 1
        assert b"Traceback" not in process.stderr.read()


def test_it_loads_neither_numpy_nor_models(mosquitto, publish):
    publish("mood/current", said(), "-r")
    command = [sys.executable, "-X", "importtime", "-m", "moodstream", "watch"]
    with subprocess.Popen(
        [*command, "--broker", mosquitto.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert "happy" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)
    imported = {line.rpartition("|")[2].strip() for line in errors.splitlines()}
    assert "paho.mqtt.client" in imported
    assert not imported & {"numpy", "ai_edge_litert", "soxr", "soundfile"}
