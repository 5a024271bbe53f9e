"""What is measured of a run, on the miniature: of whom, and that each row is there."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moodstream.mood.circumplex import MOODS
from moodstream_train.corpora import Clip
from moodstream_train.dataset import splits
from tests.train.conftest import Work, command
from tests.train.evaluation.conftest import verdicts


def test_what_was_measured_is_of_the_held_out_groups_alone(
    work: Work, results: dict[str, Any], all_clips: list[Clip]
) -> None:
    test = [i for i in splits.split(all_clips, 0).test if all_clips[i].moods]
    for precision in ("int8", "float32"):
        assert {one["clip"] for one in verdicts(work, precision)} == {
            all_clips[i].name for i in test
        }
        found = results["folds"][precision]["fused"]
        assert {corpus: one["clips"] for corpus, one in found.items()} == dict(
            Counter(all_clips[i].corpus for i in test)
        )
        assert all(one["silent"] == 0 for one in found.values())


def test_the_figures_are_those_of_the_verdicts(work: Work, results: dict[str, Any]) -> None:
    own = [one for one in verdicts(work, "int8") if one["corpus"] == "cremad"]
    right = [int(np.argmax(one["scores"][1])) == _mood(one["label"]) for one in own]
    found = results["folds"]["int8"]["cnn"]["cremad"]["accuracy"]
    assert found["mean"] == pytest.approx(100 * np.mean(right), abs=0.01)
    assert found["each"] == [found["mean"]]
    assert found["std"] == 0


def test_accuracy_can_be_measured_alone(
    work: Work, results: dict[str, Any], tmp_path: Path
) -> None:
    copied = Path(shutil.copytree(work.run, tmp_path / "run"))
    command("evaluate", str(copied), "--accuracy-only")
    found = json.loads((copied / "results.json").read_text())
    assert found["folds"] == results["folds"]
    assert results.keys() - found.keys() == {"naming", "heard", "robustness", "streams", "songs"}


def test_each_row_of_the_protocol_is_there(results: dict[str, Any]) -> None:
    assert results["parts"] == ["fold-0", "final"]
    assert results["training_minutes"] > 0
    assert set(results["folds"]["agreement"]) == {"fused", "cnn", "rnn"}
    assert set(results["folds"]["calibration"]) == {"speech", "song", "cremad", "music"}
    assert set(results["folds"]["sex"]) == {"speech", "song", "cremad"}
    assert results["folds"]["shared_moods"]["cremad"]["clips"] == 8
    assert set(results["robustness"]) == {"clean", "gain -10 dB", "babble 20 dB"}
    assert set(results["robustness"]["gain -10 dB"]) == {"speech", "song", "music"}
    assert all(one["mean"] == 0 for one in results["robustness"]["clean"].values())
    kinds = {name.partition(",")[0] for name in results["streams"]}
    assert kinds == {"voice", "music", "mixed", "noise"}
    assert results["songs"]["of"] == 4
    assert "Artist" in results["songs"]["table"]


def test_the_pictures_are_drawn(work: Work, results: dict[str, Any]) -> None:
    assert len(results["pictures"]) == 4
    for name in (*results["pictures"], "fold-0/cnn-curves.png", "final/rnn-curves.png"):
        assert (work.run / name).stat().st_size > 1000


def _mood(label: str) -> int:
    return MOODS.index(label)
