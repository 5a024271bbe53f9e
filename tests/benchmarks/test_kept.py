"""Costs are kept by machine and commit; what grew is found."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.compare import main
from benchmarks.kept import Run, keep, run, runs, slower
from benchmarks.report import Report
from moodstream.bench.machine import machine

BEFORE = Run(
    "aaaaaaaaaaaa",
    "2026-01-01T00:00:00Z",
    machine(),
    "bundle",
    {"Replay: CPU s": 1.0, "Live: peak, MB": 90.0, "Stages: CNN, us": 100.0, "Gone: s": 3.0},
)
AFTER = replace(
    BEFORE,
    commit="bbbbbbbbbbbb",
    date="2026-01-02T00:00:00Z",
    costs={"Replay: CPU s": 1.09, "Live: peak, MB": 180.0, "Stages: CNN, us": 120.0, "New: s": 9.0},
)


def test_costs_that_grew_by_more_than_a_tenth_are_found_the_worst_first() -> None:
    assert slower(BEFORE, AFTER) == [
        ("Live: peak, MB", 90.0, 180.0),
        ("Stages: CNN, us", 100.0, 120.0),
    ]
    assert [name for name, *_ in slower(BEFORE, AFTER, 0.05)][-1] == "Replay: CPU s"
    assert slower(AFTER, BEFORE) == []


def test_runs_are_kept_apart_by_machine_and_sorted_by_time(tmp_path: Path) -> None:
    other = {**machine(), "cores": 999}
    for made in (AFTER, BEFORE, replace(BEFORE, machine=other)):
        keep(tmp_path, made)
    assert runs(tmp_path, machine()) == [BEFORE, AFTER]
    assert runs(tmp_path, {**machine(), "kernel": "newer"}) == [BEFORE, AFTER]
    assert [made.machine for made in runs(tmp_path, other)] == [other]
    assert runs(tmp_path, {**machine(), "cores": 998}) == []


def test_a_commit_is_kept_once(tmp_path: Path) -> None:
    first = keep(tmp_path, BEFORE)
    assert keep(tmp_path, replace(BEFORE, date="2026-02-01T00:00:00Z")) == first
    assert len(runs(tmp_path, machine())) == 1


def test_a_run_holds_the_costs_of_all_reports() -> None:
    reports = [Report("Replay", "", costs={"CPU s": 2.5}), Report("Naive", "")]
    made = run("bundle", reports)
    assert made.costs == {"Replay: CPU s": 2.5}
    assert made.bundle == "bundle"
    assert made.commit != ""
    assert json.loads(json.dumps(made.machine)) == machine()


@pytest.mark.parametrize(("percent", "status", "words"), [(10, 1, "2 grew"), (150, 0, "none grew")])
def test_the_program_names_what_grew(
    tmp_path: Path, percent: float, status: int, words: str
) -> None:
    keep(tmp_path, BEFORE)
    keep(tmp_path, AFTER)
    result = CliRunner().invoke(main, ["--results", str(tmp_path), "--percent", str(percent)])
    assert result.exit_code == status
    assert words in result.output
    assert ("Live: peak, MB" in result.output) == (status == 1)
    if status:
        assert "+100%" in result.output


def test_one_run_cannot_be_compared(tmp_path: Path) -> None:
    keep(tmp_path, BEFORE)
    result = CliRunner().invoke(main, ["--results", str(tmp_path)])
    assert result.exit_code == 1
    assert "holds 1 runs of this machine, and two are needed" in result.output
