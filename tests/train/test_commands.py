"""From folders of audio to a bundle that the runtime uses: the three commands, as typed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from moodstream import bundle
from moodstream.softmax import log_softmax
from moodstream_train import cli, export
from moodstream_train import run as runs
from tests.train.conftest import TINY


def command(name: str, *arguments: object) -> Result:
    return CliRunner().invoke(getattr(cli, name), [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def work(data: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A run with one fold and the final model, measured and exported."""
    run, out = tmp_path_factory.mktemp("run") / "one", tmp_path_factory.mktemp("out")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "RECIPE", TINY)
        for arguments in (
            ("train", "--data", data, "--run", run, "--cache", cache, "--fold", 0),
            ("evaluate", run),
            ("train", "--data", data, "--run", run, "--cache", cache, "--fold", "final"),
            ("export", run, "--out", out, "--note", "The recipe was a guess."),
        ):
            result = command(*arguments)
            assert result.exit_code == 0, result.output
    return {"run": run, "out": out}


def test_the_exported_bundle_loads_and_names_what_it_was_trained_on(work: dict[str, Path]) -> None:
    card = bundle.load(work["out"]).card
    assert card.training["clips"]["music Q1"] == 10
    assert card.training["recipe"]["cnn"]["window_frames"] == 32
    assert card.results["folds"] == [0]
    page = (work["out"] / "MODEL_CARD.md").read_text()
    assert "CC BY-NC-SA 4.0" in page
    assert "non-commercial" in page
    assert "The recipe was a guess." in page


def test_the_bundle_says_what_keras_says(work: dict[str, Path]) -> None:
    run = runs.find(work["run"])
    keras_cnn, keras_rnn = run.models(0)
    loaded = bundle.load(work["run"] / "fold-0" / "bundle-float32")
    cnn, rnn = loaded.classifiers()
    frames = np.random.default_rng(1).standard_normal((32, 40)).astype(np.float32)
    logits = keras_cnn.predict(frames[None], verbose=0)[0]
    expected = log_softmax(logits / np.float32(loaded.card.cnn.temperature))
    assert np.allclose(cnn.process(frames), expected, atol=1e-4)
    logits = keras_rnn.predict(frames.reshape(1, 8, 160), verbose=0)[0]
    each = log_softmax(logits / np.float32(loaded.card.rnn.temperature))
    found = np.stack([rnn.process(step) for step in frames.reshape(8, 4, 40)])
    assert np.allclose(found, each, atol=1e-4)


def test_int8_stays_close_to_keras(work: dict[str, Path]) -> None:
    measured = json.loads((work["run"] / "fold-0" / "measured.json").read_text())
    for model in ("cnn", "rnn"):
        assert measured["parity"]["int8"][model]["agreement_with_keras"] > 0.9
        assert measured["parity"]["float32"][model]["agreement_with_keras"] == 1


def test_a_conversion_that_went_wrong_is_refused(
    work: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = export.convert_cnn

    def broken(*arguments: Any) -> export.Converted:
        return replace(good(*arguments), agreement=0.125)

    monkeypatch.setattr(export, "convert_cnn", broken)
    result = command("export", work["run"], "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "the CNN names the same mood as Keras for only 12.5%" in result.output
    assert not (tmp_path / "out").exists()


def test_what_was_measured_is_of_the_held_out_groups_alone(work: dict[str, Path]) -> None:
    results = json.loads((work["run"] / "results.json").read_text())
    assert results["clips"] == {"speech": 5, "song": 5, "music": 8}
    assert set(results["models"]["int8"]["fused"]) == {"speech", "song", "music", "music_f1"}
    for name in ("confusion-music.png", "fold-0/cnn-curves.png", "fold-0/rnn-curves.png"):
        assert (work["run"] / name).stat().st_size > 1000


@pytest.mark.usefixtures("tiny_recipe")
def test_a_finished_part_is_not_trained_again(
    work: dict[str, Path], data: Path, cache: Path
) -> None:
    weights = work["run"] / "fold-0" / "cnn" / "average.weights.h5"
    before = weights.stat().st_mtime_ns
    result = command("train", "--data", data, "--run", work["run"], "--cache", cache, "--fold", 0)
    assert result.exit_code == 0
    assert "epoch" not in result.output
    assert weights.stat().st_mtime_ns == before


@pytest.mark.usefixtures("tiny_recipe")
def test_a_run_does_not_go_on_with_other_settings(
    work: dict[str, Path], data: Path, cache: Path
) -> None:
    arguments = ("--data", data, "--run", work["run"], "--cache", cache, "--seed", 7)
    result = command("train", *arguments)
    assert result.exit_code == 1
    assert "other settings (seed)" in result.output


def test_a_missing_data_folder_is_an_error(tmp_path: Path) -> None:
    result = command("train", "--data", tmp_path / "nowhere", "--run", tmp_path / "run")
    assert result.exit_code == 1
    assert "no such folder" in result.output
    assert not (tmp_path / "run").exists()


def test_evaluate_and_export_say_what_is_missing(tmp_path: Path) -> None:
    for arguments in (("evaluate", tmp_path), ("export", tmp_path, "--out", tmp_path / "out")):
        result = command(*arguments)
        assert result.exit_code == 1
        assert "moodstream train" in result.output
