"""The terminal: restored whatever ends the program."""

import signal
import termios

import pytest

from tests.support.messages import SGR, said
from tests.support.program import wait_until
from tests.support.terminal import watching


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_gives_the_terminal_back_too(end):
    with watching(80, 24, "--broker", "mqtt://127.0.0.1:1") as watched:
        wait_until(lambda: watched.shows("Connection refused; trying again"))
        watched.process.send_signal(end)
        assert watched.process.wait(8) == 0
        assert termios.tcgetattr(watched.slave) == watched.before
        wait_until(lambda: watched.written.endswith("\x1b[?1049l"))


def test_a_full_line_keeps_its_last_column(mosquitto, publish):
    publish("den/current", said(), "-r")
    for width in (80, 81, 40):
        with watching(width, 30, "--broker", mosquitto.url, "--prefix", "den") as watched:
            wait_until(lambda watched=watched: watched.shows("live from"))
            end = next(row for row in watched.picture if row.startswith("5 minutes ago"))
            assert len(end) == width
            assert end.endswith("now")


def test_a_terminal_without_blocks_and_colours_gets_neither(mosquitto, publish):
    publish("den/current", said(source="会é"), "-r")
    environment = {"PYTHONIOENCODING": "latin-1", "NO_COLOR": "1"}
    arguments = ["--broker", mosquitto.url, "--prefix", "den"]
    with watching(80, 30, *arguments, encoding="latin-1", **environment) as watched:
        wait_until(lambda: watched.shows("live from"))
        assert watched.shows(r"live from \u4f1aé")
        assert watched.shows("###")
        assert not SGR.findall(watched.written)
