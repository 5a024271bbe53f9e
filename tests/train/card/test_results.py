"""The card keeps the main figures."""

import json
from pathlib import Path

from moodstream_train.training import run as runs
from tests.train.card.conftest import written


def test_the_card_keeps_headlines_and_stays_small(run: runs.Run, tmp_path: Path) -> None:
    results, _ = written(run, tmp_path)
    assert len(json.dumps(results, indent=1)) < 30_000
    assert results["models"]["int8"]["rnn"]["music"]["accuracy"] == {"mean": 80.0, "std": 0.0}
    assert results["calibration"]["song"].keys() == {"clips", "ece", "accuracy", "sure_accuracy"}
    assert results["agreement"]["fused"] == 100
    assert results["streams"]["voice"]["false_changes"] == 0.1
    assert "each" not in json.dumps(results["models"])
