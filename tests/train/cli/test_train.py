"""From folders of audio to a bundle: what the three commands take, refuse and print."""

import json
from pathlib import Path

import pytest

from tests.train.conftest import Work, command


def test_an_interrupted_run_goes_on_where_it_stopped(work: Work) -> None:
    assert "cnn: epoch 2/2" in work.interrupted
    assert "rnn: epoch 1/2" in work.interrupted
    resumed = [line for line in work.resumed.splitlines() if "fold-0" in line and "epoch" in line]
    assert len(resumed) == 1
    assert "rnn: epoch 2/2" in resumed[0]
    assert "final cnn: epoch 1/2" in work.resumed
    assert "to train: fold-0, final" in work.resumed
    assert " left" in resumed[0]
    assert all(len(line) <= 80 for line in work.resumed.splitlines() if "epoch" in line)


def test_a_run_says_what_it_was_made_of(work: Work) -> None:
    tree = json.loads((work.run / "run.json").read_text())
    assert (tree["name"], tree["seed"]) == ("shipped", 1)
    assert tree["corpora"]["clips"]["music Q1"] == 10
    assert tree["corpora"]["clips"]["noise none"] == 10
    assert tree["corpora"]["clips"]["sounds siren"] == 1
    assert tree["corpora"]["groups"] == 24 + 20 + 20 + 10 + 10
    warnings = tree["corpora"]["warnings"]
    assert any(line.startswith("cremad: CREMA-D holds 40 clips") for line in warnings)
    assert "RAVDESS speech holds 24 clips" in work.interrupted


@pytest.mark.usefixtures("tiny_recipes")
def test_a_finished_part_is_not_trained_again(work: Work, shipped_data: Path, cache: Path) -> None:
    weights = work.run / "fold-0" / "cnn" / "average.weights.h5"
    before = weights.stat().st_mtime_ns
    arguments = ("--data", shipped_data, "--run", work.run, "--cache", cache, "--part", "fold-0")
    result = command("train", *arguments)
    assert result.exit_code == 0, result.output
    assert "epoch" not in result.output
    assert weights.stat().st_mtime_ns == before


@pytest.mark.parametrize(("recipe", "folds"), [("shipped", 5), ("quick", 1)])
@pytest.mark.usefixtures("tiny_recipes")
def test_a_recipe_trains_its_folds_and_then_all_data(
    shipped_data: Path,
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    recipe: str,
    folds: int,
) -> None:
    trained: list[str] = []
    monkeypatch.setattr(
        "moodstream_train.training.train.train_part",
        lambda _run, part, *_: trained.append(part),
    )
    arguments = ("--data", shipped_data, "--run", tmp_path, "--cache", cache, "--recipe", recipe)
    result = command("train", *arguments)
    assert result.exit_code == 0, result.output
    assert trained == [*(f"fold-{k}" for k in range(folds)), "final"]


@pytest.mark.parametrize(
    ("more", "differs"),
    [
        (("--seed", 7), "seed"),
        (("--set", "cnn.dropout=0.5"), "recipe"),
        (("--recipe", "voice"), "name, recipe, corpora"),
    ],
)
@pytest.mark.usefixtures("tiny_recipes")
def test_a_run_does_not_go_on_with_other_settings(
    work: Work, shipped_data: Path, cache: Path, more: tuple[object, ...], differs: str
) -> None:
    before = (work.run / "run.json").read_text()
    arguments = ("--data", shipped_data, "--run", work.run, "--cache", cache, *more)
    result = command("train", *arguments)
    assert result.exit_code == 1
    assert f"other settings ({differs})" in result.output
    assert (work.run / "run.json").read_text() == before


@pytest.mark.parametrize(
    ("more", "status", "message"),
    [
        (("--set", "cnn.dropuot=0.5"), 1, "did you mean 'dropout'?"),
        (("--set", "cnn.dropout=much"), 1, "cnn.dropout: expected a number"),
        (("--recipe", "shiped"), 2, "'shiped' is not one of"),
        (("--part", "fold-5"), 2, "'fold-5' is not one of"),
        ((), 1, "no such folder"),
    ],
)
def test_what_cannot_be_trained_is_refused_before_anything_is_written(
    tmp_path: Path, more: tuple[str, ...], status: int, message: str
) -> None:
    folder = tmp_path / "run"
    arguments = ("--data", tmp_path / "nowhere", "--run", folder, "--cache", tmp_path / "cache")
    result = command("train", *arguments, *more)
    assert result.exit_code == status
    assert message in result.output
    assert not folder.exists()


def test_a_corpus_that_the_recipe_takes_must_be_there(data: Path, tmp_path: Path) -> None:
    result = command("train", "--data", data, "--run", tmp_path / "run", "--cache", tmp_path / "c")
    assert result.exit_code == 1
    assert "cremad: no such folder; put the audio files of CREMA-D" in result.output
    assert "cremad: --set shares.cremad=0" in result.output
    assert "ravdess: --set shares.speech=0 --set shares.song=0" in result.output
    assert not (tmp_path / "run").exists()
