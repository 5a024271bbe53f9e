"""``moodstream bundle`` on the shipped bundle, and on copies that are changed."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from moodstream.bundle import disk
from moodstream.cli.group import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["bundle", *map(str, arguments)])


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(disk.shipped(), tmp_path / "copy"))


def change(folder: Path, **values: object) -> None:
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**card, **values}))


def test_show_names_models_data_and_figures_in_a_terminal_s_width() -> None:
    result = run("show", disk.shipped())
    assert result.exit_code == 0, result.output
    for text in ("CNN ", "RNN ", "kB", "clips", "RAVDESS", "licence", "held out"):
        assert text in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_a_sound_bundle_is_verified() -> None:
    result = run("verify", disk.shipped())
    assert result.exit_code == 0, result.output
    assert "checksums match the card" in result.output


def test_a_damaged_model_is_named(copied: Path) -> None:
    with (copied / "cnn.tflite").open("ab") as file:
        file.write(b"x")
    result = run("verify", copied)
    assert result.exit_code != 0
    assert "cnn.tflite" in result.output


def test_other_probabilities_than_those_of_the_card_fail_the_verification(copied: Path) -> None:
    card = json.loads((copied / "card.json").read_text())
    test = card["self_test"]
    moods = [[list(reversed(row)) for row in hop] for hop in test["moods"]]
    change(copied, self_test={**test, "moods": moods})
    result = run("verify", copied)
    assert result.exit_code == 1
    assert "computes different numbers" in result.output


def test_a_bundle_agrees_with_itself() -> None:
    result = run("compare", disk.shipped(), disk.shipped())
    assert result.exit_code == 0, result.output
    assert "the same mood for 1 of 1 files" in result.output
    assert "smoothing" not in result.output


def test_what_differs_is_named(copied: Path) -> None:
    card = json.loads((copied / "card.json").read_text())
    smoothing = {**card["smoothing"], "time_constant_s": 9.0}
    change(copied, name="another", smoothing=smoothing)
    result = run("compare", disk.shipped(), copied)
    assert "another" in result.output
    assert "smoothing       differs" in result.output


def test_a_folder_without_a_bundle_is_named(tmp_path: Path) -> None:
    for command in ("show", "verify"):
        result = run(command, tmp_path)
        assert result.exit_code != 0
        assert "card.json" in result.output
