"""A short form of ``python -m tests.reliability``; and that it notices what it looks for."""

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.reliability.faults import Fault, both_killed, endure
from tests.reliability.house import GIVEN_UP_S, Outcome
from tests.reliability.size import GROWTH_MB, Size, grows

UNTESTED = (
    "daemon killed",
    "audio server frozen",
    "audio source unloaded, loaded",
    "audio source suspended",
    "clock set an hour ahead, and back",
)
"""Elsewhere in the tests, that is."""


def test_what_fails_is_back_and_nothing_is_lost(tmp_path):
    page = tmp_path / "page.md"
    command = [sys.executable, "-m", "tests.reliability", *UNTESTED, "--times", "1"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    result = subprocess.run(
        [*command, "--write", str(page)], env=environment, capture_output=True, text=True
    )
    lines = [line for line in page.read_text().splitlines() if line.startswith("| ")]
    rows = {cells[0]: cells for cells in ([*map(str.strip, line.split("|")[1:])] for line in lines)}
    for name in UNTESTED:
        # How long a mood stood is for the page: a busy machine is no failure here.
        _, times, _, _, missing, _, _, _, lost, disorder, _, troubles, _ = rows[name]
        found = times, missing, lost, disorder, troubles
        assert found == ("1", "0", "0", "0", "-"), result.stdout + result.stderr


def test_events_that_a_short_journal_drops_are_noticed(capsys):
    @contextmanager
    def forgetful(directory):
        yield {"MOODSTREAM_MQTT_JOURNAL_EVENTS": "1"}

    outcome = endure("both", Fault(both_killed, 1, setting=forgetful), 1, "1")
    assert outcome.events > 0
    assert outcome.lost > 0
    assert not outcome.is_good
    assert "event dropped" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        {"events": 0},
        {"lost": 1},
        {"disorder": 1},
        {"missing": 1},
        {"stood_s": [GIVEN_UP_S + 1]},
        {"troubles": ["a traceback"]},
    ],
)
def test_each_thing_that_may_not_be_counts(wrong):
    good = {"events": 3, "times": 1, "recovered_s": [1.0], "stood_s": [GIVEN_UP_S - 1]}
    assert Outcome(**good).is_good
    assert not Outcome(**{**good, **wrong}).is_good


@pytest.mark.parametrize("grown", [(GROWTH_MB + 1, 0, 0), (0, 1, 0), (0, 0, 1)])
def test_what_grows_is_noticed(grown):
    begin = Size(80.0, 4, 13)
    end = Size(*(value + more for value, more in zip(begin, grown, strict=True)))
    assert not grows([begin] * 9)
    assert not grows([*[end] * 3, *[begin] * 6])
    assert not grows([*[begin] * 8, end])
    assert grows([*[begin] * 7, *[end] * 2])
    assert grows([])
