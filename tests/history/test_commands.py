"""`moodstream history` as a whole program."""

import csv
import io
import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from moodstream.history.calendar import start
from moodstream.history.columns import KEYS
from tests.history.conftest import happy_minute, span
from tests.support.program import run_program

TODAY = datetime.now().astimezone().date()


@pytest.fixture
def recorded(database):
    first = start(TODAY - timedelta(days=1)) // 60
    database.write([(first + i, "mood", happy_minute()) for i in range(90)], [])
    database.write([(first + 200, "kitchen", span(silence_s=60))], [])
    database.close()
    return {"env": {**os.environ, "STATE_DIRECTORY": str(database.path.parent)}}


def test_csv_and_jsonl_hold_the_same(recorded):
    table = run_program("history", "--csv", "--each", "minute", **recorded).stdout
    rows = [*csv.DictReader(io.StringIO(table))]
    lines = run_program("history", "--jsonl", "--each", "minute", **recorded).stdout.splitlines()
    objects = [json.loads(line) for line in lines]
    assert len(rows) == len(objects) == 91
    for row, one in zip(rows, objects, strict=True):
        assert {name: "" if value is None else str(value) for name, value in one.items()} == row
    assert objects[0]["happy_s"] == 60
    assert objects[0]["valence"] == 0.5
    begun = datetime.fromisoformat(objects[0]["time"])
    assert begun.astimezone(UTC).timestamp() == start(TODAY - timedelta(days=1))
    assert all(f"{key}_s" in objects[0] for key in KEYS)


def test_spans_rooms_and_days_can_be_chosen(recorded):
    hours = run_program("history", "--jsonl", "--each", "hour", "--room", "mood", **recorded)
    assert [json.loads(line)["happy_s"] for line in hours.stdout.splitlines()] == [3600, 1800]
    table = run_program("history", **recorded).stdout
    assert "happy 100%" in table
    assert "silence 100%" in table
    assert run_program("history", "--to", "2020-01-01", **recorded).stdout == ""
    wrong = run_program("history", "--from", "2026-02-01", "--to", "2026-01-01", **recorded)
    assert wrong.returncode == 2


def test_names_of_rooms_do_not_command_the_terminal(database):
    first = start(TODAY) // 60
    database.write([(first, "home/\x1b[2J/mood", span(sad_s=60))], [])
    database.close()
    environment = {**os.environ, "STATE_DIRECTORY": str(database.path.parent)}
    shown = run_program("history", env=environment).stdout
    assert "sad 100%" in shown
    assert "\x1b" not in shown


def test_forgetting(recorded):
    result = run_program("history", "forget", "--before", f"{TODAY}", **recorded)
    assert result.stdout == f"Removed: 91 rows before {TODAY}\n"
    assert run_program("history", "--csv", "--each", "minute", **recorded).stdout.count("\n") == 1


def test_without_a_history_it_says_what_to_do(tmp_path):
    result = run_program("history", env={**os.environ, "STATE_DIRECTORY": str(tmp_path)})
    assert result.returncode == 1
    assert "run 'moodstream web'" in result.stderr
    assert not [*tmp_path.iterdir()]
