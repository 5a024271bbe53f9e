"""Runs are found again in their folders, or refused."""

from pathlib import Path

import pytest

from moodstream_train.errors import TrainingError
from moodstream_train.report.gathered import is_seed_project
from moodstream_train.report.page import write
from tests.train import made_up
from tests.train.report.conftest import shipped


def test_changes_of_the_recipe_are_part_of_the_command(tmp_path: Path) -> None:
    changed = made_up.with_dropout("shipped", 0.5)
    run = made_up.make(tmp_path / "run", "shipped", 1, shipped, changed=changed)
    write([run], tmp_path / "out")
    page = (tmp_path / "out" / "results.md").read_text(encoding="utf-8")
    assert "--seed 1 --set cnn.dropout=0.5 --run run`" in page


def test_runs_that_cannot_be_averaged_are_refused(folders: list[Path], tmp_path: Path) -> None:
    again = made_up.make(tmp_path / "again", "shipped", 1, shipped)
    with pytest.raises(TrainingError, match="both of recipe shipped, seed 1; give one"):
        write([*folders, again], tmp_path / "out")
    changed = made_up.with_dropout("shipped", 0.5)
    other = made_up.make(tmp_path / "other", "shipped", 3, shipped, changed=changed)
    with pytest.raises(TrainingError, match=r"different changes \(none; cnn.dropout=0.5\)"):
        write([*folders, other], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_run_that_was_not_measured_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="measure the run with `moodstream evaluate` first"):
        write([tmp_path], tmp_path / "out")


def test_the_seed_project_is_known_by_its_file(folders: list[Path]) -> None:
    assert [is_seed_project(folder) for folder in folders] == [False] * 7 + [True]
