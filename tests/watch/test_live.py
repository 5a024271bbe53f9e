"""What a person sees: on a pseudo-terminal, on a pipe, from a real broker, from a hostile one."""

import codecs
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading
from contextlib import contextmanager, suppress
from fcntl import ioctl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.messages.received import MAX_BYTES, counters, line, parse
from moodstream.mood.circumplex import MOODS
from moodstream.watch.dashboard import draw
from moodstream.watch.scene import AWAY, STALE_S, Scene
from tests.support.program import MOODSTREAM, program, wait_until

HAPPY = {
    "v": 1,
    "status": "ok",
    "mood": "happy",
    "confidence": 0.83,
    "quadrant": "Q1",
    "valence": 0.62,
    "arousal": -0.41,
    "scores": {**dict.fromkeys(MOODS, 0.02), "happy": 0.83, "surprised": 0.05},
    "cnn": "happy",
    "rnn": "surprised",
    "since": "2026-11-22T20:15:03.250Z",
    "time": "2026-11-22T20:15:09.250Z",
    "position": 42.0,
    "level_dbfs": -18.2,
    "source": "kitchen",
    "bundle": "b5bb9d80",
}
SILENCE = HAPPY | {"status": "silence", "mood": None, "confidence": None, "scores": None}
SGR = re.compile(r"\x1b\[[0-9;]*m")


def said(**changes):
    return json.dumps(HAPPY | changes).encode()


class Watched:
    """`moodstream watch` on a terminal of its own."""

    def __init__(self, columns, lines, *arguments):
        self.master, self.slave = pty.openpty()
        self.resize(columns, lines)
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(
            # Ctrl-C reaches those whose terminal it is.
            [program("setsid"), "--ctty", *MOODSTREAM, "watch", *arguments],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env={**os.environ, "TERM": "xterm-256color"},
        )
        self.written = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        decoder = codecs.getincrementaldecoder("utf-8")()
        with suppress(OSError):  # closed
            while part := os.read(self.master, 1 << 16):
                self.written += decoder.decode(part)

    def resize(self, columns, lines):
        ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def type(self, text):
        os.write(self.master, text)

    @property
    def picture(self):
        """The lines of the last whole picture, without colours."""
        *_, last, _ = ["", "", *self.written.split("\x1b[H")]
        body = last.partition("\x1b[J")[0]
        return SGR.sub("", body).replace("\x1b[K", "").split("\r\n")

    def shows(self, text):
        return text in "\n".join(self.picture)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.slave)
        self._reader.join()
        os.close(self.master)


@contextmanager
def watching(columns, lines, *arguments):
    watched = Watched(columns, lines, *arguments)
    try:
        yield watched
    finally:
        watched.close()
        assert "Traceback" not in watched.written


@pytest.fixture
def publish(mosquitto):
    def publish(topic, payload, *options):
        command = [program("mosquitto_pub"), "-p", str(mosquitto.port), "-t", topic, "-s", *options]
        subprocess.run(command, input=payload, check=True)

    return publish


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
        wait_until(lambda: len(watched.picture) == 10)
        assert max(map(len, watched.picture)) == 40
        watched.type(b"typed")
        watched.type(b"\x03")
        assert watched.process.wait(5) == 0
        assert termios.tcgetattr(watched.slave) == watched.before
        wait_until(lambda: watched.written.endswith("\x1b[?7h\x1b[?25h\x1b[?1049l"))
        assert "typed" not in watched.written


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_gives_the_terminal_back_too(end):
    with watching(80, 24, "--broker", "mqtt://127.0.0.1:1") as watched:
        wait_until(lambda: watched.shows("Connection refused; trying again"))
        watched.process.send_signal(end)
        assert watched.process.wait(8) == 0
        assert termios.tcgetattr(watched.slave) == watched.before
        wait_until(lambda: watched.written.endswith("\x1b[?1049l"))


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
        wait_until(lambda: watched.shows("broker away"))
        mosquitto.start()
        wait_until(lambda: not watched.shows("broker away"))
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
    for password, shown in (("hunter2", "the broker refuses: "), ("pass", "no state has come")):
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
        assert b"the connection was lost" in process.stderr.readline()
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


HOSTILE = [
    b"",
    b"\xff\xfe",
    b"[" * 10_000,
    b"1" * 5000,
    b'{"v":1}',
    said(v=2),
    said(status="\x1b]0;owned\x07"),
    said(status="silence"),
    said(mood="h\x1b[2J"),
    said(confidence=float("nan")),
    said(valence=10**400),
    said(valence=-(10**400)),
    said(level_dbfs=1e300),
    said(level_dbfs="loud"),
    said(scores={"happy": 1}),
    said(scores=[1] * 8),
    said(scores={**HAPPY["scores"], "sad": True}),
    said(seq=10**300),
    said(since="\x1b[31m20:15"),
    said(time={}),
    said(source=["kitchen"]),
    said(source="x" * MAX_BYTES),
]


@pytest.mark.parametrize("payload", HOSTILE)
def test_what_is_no_state_is_refused(payload):
    assert parse(payload) is None
    clean(line("mood/current", payload))


def test_what_is_new_in_a_state_is_ignored():
    assert parse(said(colour="blue")) == parse(said())


def test_a_name_cannot_steer_the_terminal():
    scene = Scene(0)
    scene.link("", 0)
    scene.take("current", said(source="den\x1b[2J\x07\u202e\n"), 0)
    rows = draw(scene, "mood", 0, (80, 24), colour=False)
    assert rows[1] == "live from den�[2J���"


def test_counters_are_shown_whatever_they_are():
    shown = counters(
        b'{"a": 1, "b": 0.123456789, "c": {"d": null, "e": [1]}, "f": true, "g\\n": "\\u001b[2J", '
        b'"h": 1e999, "i": ' + b"9" * 400 + b"}"
    )
    assert shown == {
        "a": "1",
        "b": "0.123457",
        "c.d": "-",
        "c.e": "…",
        "f": "True",
        "g�": "�[2J",
        "h": "inf",
        "i": "…",
    }
    many = json.dumps({f"{n}" * 50: "y" * 5000 for n in range(100)}).encode()
    assert counters(many) == {}  # too long to be looked at
    few = counters(json.dumps({f"{n}" * 50: n for n in range(100)}).encode())
    assert len(few) == 32
    assert max(map(len, few)) == 40
    assert counters(b"[]") == counters(b"\x00") == {}


def clean(text):
    assert all(c.isprintable() for c in SGR.sub("", text)), text


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["current", "availability", "health", "event", "set", "\x1b"]),
            st.sampled_from([*HOSTILE, said(), b"online", b"offline"]) | st.binary(max_size=50),
        ),
        max_size=8,
    ),
    st.integers(1, 200),
    st.integers(1, 60),
    st.booleans(),
)
def test_any_messages_make_a_picture_that_fits(messages, columns, lines, colour):
    scene = Scene(0)
    scene.link("", 0)
    for turn, (name, payload) in enumerate(messages):
        scene.take(name, payload, turn * 10)
        clean(line(name, payload))
    rows = draw(scene, "mood", 100, (columns, lines), colour=colour)
    assert len(rows) <= lines
    for row in rows:
        clean(row)
        assert len(SGR.sub("", row)) <= columns
        assert ("\x1b" in row) <= colour


def test_the_timeline_shows_what_was_known_when():
    scene = Scene(0)
    scene.link("", 0)
    scene.take("current", said(), 10)
    scene.take("current", said(mood="sad"), 20)
    scene.link("gone", 30)
    scene.link("", 40)
    scene.take("current", json.dumps(SILENCE).encode(), 50)
    scene.take("current", said(), 90)  # nothing came meanwhile
    scene.take("availability", b"offline", 95)
    found = [*scene.history(100, 100, 20)]
    assert found == (
        [AWAY] + ["happy"] * 2 + ["sad"] * 2 + [AWAY] * 4
        + ["silence"] * 3 + [AWAY] * 5 + ["happy"] + [AWAY] * 2
    )  # fmt: skip
    assert scene.state.mood == "happy"
    assert not scene.live(100)
    scene.take("availability", b"online", 100)
    assert scene.live(90 + STALE_S)
    assert not scene.live(90.1 + STALE_S)


def test_a_line_says_what_is_there():
    shown = line("mood/current", said())
    for part in ("mood/current", "20:15:09", "ok", "happy", "83%", "Q1", "+0.62", "-18.2 dBFS"):
        assert part in shown
