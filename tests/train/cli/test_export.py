"""``moodstream export`` needs a finished run."""

from pathlib import Path

import pytest

from tests.train.conftest import command


@pytest.mark.usefixtures("tiny_recipes")
def test_a_run_without_a_finished_part_is_neither_measured_nor_exported(
    shipped_data: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moodstream_train.training.train.train_part", lambda *_: None)
    run = tmp_path / "run"
    result = command("train", "--data", shipped_data, "--run", run, "--cache", cache)
    assert result.exit_code == 0, result.output
    for arguments, message in (
        (("evaluate", run), "nothing is trained yet"),
        (("export", run, "--out", tmp_path / "out"), "no final model yet"),
    ):
        result = command(*arguments)
        assert result.exit_code == 1
        assert message in result.output
    assert not (tmp_path / "out").exists()
