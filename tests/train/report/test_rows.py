"""A row says whether its goal is met."""

import json
from pathlib import Path
from typing import Any

import pytest

from moodstream_train.parts import FOLDS
from moodstream_train.report.page import write
from tests.train import made_up
from tests.train.report.conftest import shipped


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("S1", "met"),
        ("S2", "not reached: accuracy, loss"),
        ("S3", "met"),
        ("V1", "met"),
        ("V2", "not reached: UAR"),
        ("V3", "met"),
        ("M1", "met"),
        ("M2", "reported"),
        ("M3", "met"),
        ("J", "not reached: V2"),
        ("Q", "met"),
        ("R", "not reached: drop"),
        ("T", "not reached: false changes"),
    ],
)
def test_a_row_says_whether_its_goal_is_met(rows: dict[str, Any], row: str, said: str) -> None:
    assert rows[row]["verdict"] == said


def test_a_row_that_is_measured_in_part_says_what_is_not(rows: dict[str, Any]) -> None:
    said = rows["X"]["verdict"]
    assert said.startswith("not reached: speech to cremad (warm), evening; not measured: cremad to")


def test_folds_that_are_missing_are_told(tmp_path: Path) -> None:
    run = made_up.make(tmp_path / "run", "shipped", 1, shipped, folds=FOLDS[:2])
    write([run], tmp_path / "out")
    rows = json.loads((tmp_path / "out" / "results.json").read_text())["rows"]
    assert next(row for row in rows if row["id"] == "V1")["verdict"] == "met (of 2 folds only)"
