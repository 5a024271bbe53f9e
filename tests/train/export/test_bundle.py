"""What is exported is what was trained, and the runtime uses it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodstream import self_test
from moodstream.mood.circumplex import MOODS
from moodstream.replay import recording as replay
from moodstream_train.export import bundle as export
from moodstream_train.training import run as runs
from tests.train.conftest import RATE, TINY, Work, command, tone


@pytest.fixture(scope="module")
def run(work: Work) -> runs.Run:
    return runs.find(work.run)


def test_the_exported_bundle_loads_and_carries_the_recipe(work: Work) -> None:
    loaded = self_test.load(work.out)
    card = loaded.card
    assert card.name == "moodstream shipped final"
    assert (card.features, card.chroma) == (TINY.features, TINY.chroma)
    assert (card.texture.length, card.texture.lags) == (64, (1, 4))
    assert card.rnn.memory_steps == 16
    assert card.cnn.weight + card.rnn.weight == pytest.approx(1)
    assert card.training["clips"]["music Q1"] == 10
    cnn, rnn = loaded.classifiers()
    assert (cnn.window_frames, rnn.step_frames) == (64, 8)
    page = (work.out / "MODEL_CARD.md").read_text()
    assert "The recipe was a guess." in page


def test_it_hears_a_recording(work: Work, tmp_path: Path) -> None:
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(4, 3.3, RATE, 1), RATE)
    said = replay.summarise(path, self_test.load(work.out))
    # So few steps of training leave it sure or unsure: either is an answer to a sound.
    assert said["mood"] in (*MOODS, None)
    assert sum(said["shares"].get(key, 0) for key in (*MOODS, "uncertain")) > 0
    assert sum(said["scores"].values()) == pytest.approx(1, abs=1e-3)
    soundfile.write(path, np.zeros(RATE), RATE)
    silent = replay.summarise(path, self_test.load(work.out))
    assert (silent["mood"], silent["scores"]) == (None, None)


def test_the_card_s_calibration_is_that_of_the_folds(work: Work, run: runs.Run) -> None:
    of_fold, card = run.calibration("fold-0"), self_test.load(work.out).card
    for found in (card, self_test.load(work.run / "fold-0" / "bundle-int8").card):
        assert found.cnn.temperature == of_fold.cnn_temperature
        assert found.rnn.temperature == of_fold.rnn_temperature
        assert found.cnn.weight == of_fold.cnn_weight


def test_int8_stays_close_to_keras(work: Work) -> None:
    kept = work.run / "fold-0" / "measured"
    whole, small = (
        json.loads((kept / f"parity-{name}.json").read_text()) for name in ("float32", "int8")
    )
    for model in ("cnn", "rnn"):
        assert whole[model]["agreement_with_keras"] == 1
        assert small[model]["agreement_with_keras"] > 0.9
        assert small[model]["bytes"] < 1.2 * whole[model]["bytes"]
        tried = small[f"{model}_tried"]
        assert set(tried) == {"int8", "dynamic-range"}
        assert small[model]["logit_deviation"] == min(
            one["logit_deviation"] for one in tried.values()
        )


def test_a_conversion_that_went_wrong_is_refused(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = export.Converted(b"", "int8", 1.0, 0.0)
    monkeypatch.setattr(export, "convert_cnn", lambda *_: replace(good, agreement=0.125))
    monkeypatch.setattr(export, "convert_rnn", lambda *_: good)
    result = command("export", work.run, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "the converted CNN names the same mood as Keras for only 12.5%" in result.output
    assert not (tmp_path / "out").exists()
