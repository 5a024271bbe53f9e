"""Log lines of a process of its own, and repeated warnings: at once, then seldom."""

import json
import subprocess
import sys

import pytest
from structlog.testing import capture_logs

from moodstream.log import INTERVALS_S, MAX_SUBJECTS, Seldom

SAY = """
from moodstream.log import configure, get_logger
log = get_logger()  # before it is configured, as modules do
configure({level!r}, {style!r})
log.debug("too much")
log.info("connected", broker="mqtt://a:1", tries=2)
log.error("lost", reason="no route")
"""


def said(level: str, style: str) -> list[str]:
    command = [sys.executable, "-c", SAY.format(level=level, style=style)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == ""
    return result.stderr.splitlines()


@pytest.mark.parametrize("style", ["json", "auto"])  # standard error is no terminal here
def test_programs_read_json(style: str) -> None:
    connected, lost = map(json.loads, said("info", style))
    assert connected.pop("timestamp").endswith("Z")
    assert connected == {
        "event": "connected",
        "level": "info",
        "broker": "mqtt://a:1",
        "tries": 2,
    }
    assert (lost["event"], lost["level"], lost["reason"]) == ("lost", "error", "no route")


def test_people_read_lines() -> None:
    connected, lost = said("info", "console")
    assert "connected" in connected
    assert "broker=mqtt://a:1 tries=2" in connected
    assert "reason='no route'" in lost
    assert "\x1b[" not in connected + lost  # colours are for terminals


def test_less_important_lines_are_left_out() -> None:
    assert [json.loads(line)["event"] for line in said("debug", "json")] == [
        *("too much", "connected", "lost")
    ]
    assert [json.loads(line)["event"] for line in said("error", "json")] == ["lost"]


def test_rich_is_not_loaded_and_others_can_load_it() -> None:
    code = (
        "import sys; from moodstream.log import configure, get_logger; configure('error', 'json')\n"
        "assert 'structlog' not in sys.modules; get_logger().info('x')\n"
        "assert 'structlog' in sys.modules; assert not any('rich' in m for m in sys.modules)\n"
        "import rich.console; print(rich.console.Console.__name__)"
    )
    pytest.importorskip("rich")
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.stdout, result.stderr) == ("Console\n", "")


class Clock:
    now_s = 1000.0

    def __call__(self):
        return self.now_s


def test_trouble_every_30_s_for_a_month_is_a_few_dozen_lines():
    clock = Clock()
    seldom = Seldom(clock)
    month = 30 * 2880
    with capture_logs() as entries:
        for _ in range(month):
            seldom.warning("no microphone", reason="absent")
            clock.now_s += 30
    assert 30 <= len(entries) <= 36
    assert "repeated" not in entries[0]
    assert entries[1]["repeated"] == 1
    unsaid = month - len(entries) - sum(entry.get("repeated", 0) for entry in entries)
    assert 0 <= unsaid <= 2880


def test_trouble_after_a_quiet_time_is_said_at_once():
    clock = Clock()
    seldom = Seldom(clock)
    with capture_logs() as entries:
        for _ in range(4):
            for _ in range(10):
                seldom.warning("disconnected")
            clock.now_s += 3600
    assert [entry.get("repeated", 0) for entry in entries] == [0, 9, 9, 9]


def test_kinds_of_trouble_do_not_hide_each_other():
    seldom = Seldom(Clock())
    with capture_logs() as entries:
        for _ in range(3):
            seldom.warning("refused", "login", reason="login")
            seldom.warning("refused", "id", reason="id")
    assert [entry["reason"] for entry in entries] == ["login", "id"]


def test_trouble_that_comes_back_and_goes_is_said_seldom():
    """A stream that ends every 90 s, say: each quiet time is longer than the first interval."""
    clock = Clock()
    seldom = Seldom(clock)
    with capture_logs() as entries:
        for _ in range(30 * 960):
            seldom.warning("no audio", "it has ended")
            clock.now_s += 90
    assert 30 <= len(entries) <= 36


def test_trouble_with_other_words_each_time_is_neither_a_flood_nor_a_leak():
    """Programs write addresses, times and numbers of processes into their errors."""
    clock = Clock()
    seldom = Seldom(clock)
    with capture_logs() as entries:
        for n in range(30 * 2880):
            seldom.warning("no audio", f"[tcp @ 0x{n:x}] connection refused")
            clock.now_s += 30
    assert len(entries) < 30 * (MAX_SUBJECTS + 2)
    assert sum(map(len, seldom._said.values())) <= MAX_SUBJECTS + 1


def test_trouble_of_long_ago_makes_room_for_other_trouble():
    clock = Clock()
    seldom = Seldom(clock)
    with capture_logs() as entries:
        for _ in range(3):
            for n in range(MAX_SUBJECTS):
                seldom.warning("refused", str(n))
            clock.now_s += 2 * INTERVALS_S[-1]
    assert len(entries) == 3 * MAX_SUBJECTS
