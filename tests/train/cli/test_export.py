"""``moodstream export`` checks its arguments before it works, and says what to type next."""

import json
from pathlib import Path

import pytest

from moodstream.bundle import disk
from tests.train.conftest import Work, command


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
        (("export", run, "--out", tmp_path / "out"), "final is not trained yet"),
    ):
        result = command(*arguments)
        assert result.exit_code == 1
        assert message in result.output
    assert not (tmp_path / "out").exists()


def test_the_shipped_bundle_is_never_replaced(work: Work) -> None:
    result = command("export", work.run, "--out", disk.shipped(), "--force")
    assert result.exit_code == 1
    assert "contains the shipped bundle" in result.output


def test_a_folder_in_use_is_replaced_by_force_alone(work: Work, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    result = command("export", work.run, "--out", tmp_path)
    assert result.exit_code == 1
    assert "already contains notes.txt" in result.output
    assert "--force" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_place_below_a_file_is_refused_before_the_work(work: Work, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        result = command("export", work.run, "--out", out)
        assert result.exit_code == 1
        assert "choose another --out" in result.output
        assert "clips" not in result.output


def test_a_fold_is_exported_in_the_precision_that_is_asked_for(work: Work, tmp_path: Path) -> None:
    arguments = ("--part", "fold-0", "--precision", "float32")
    result = command("export", work.run, "--out", tmp_path / "out", *arguments)
    assert result.exit_code == 0, result.output
    card = json.loads((tmp_path / "out" / "card.json").read_text())
    assert card["name"] == "moodstream shipped fold-0"
    assert card["cnn"]["quantisation"] == card["rnn"]["quantisation"] == "float32"
    assert card["training"]["part"] == "fold-0"
    assert f"moodstream replay --bundle {tmp_path / 'out'} FILE" in result.output
    assert "float32, 100.0 % of moods as in Keras" in result.output
    assert "Bundled recording: " in result.output
