"""Log lines of a process of its own, as people and programs read them."""

import json
import subprocess
import sys

import pytest

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
        "import sys, moodstream.log; assert not [name for name in sys.modules if 'rich' in name]\n"
        "import rich.console; print(rich.console.Console.__name__)"
    )
    pytest.importorskip("rich")
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.stdout, result.stderr) == ("Console\n", "")
