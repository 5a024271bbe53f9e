"""A made-up run, and the card that is written of it."""

from pathlib import Path
from typing import Any

import pytest

from moodstream_train.card import model_card
from moodstream_train.training import run as runs
from tests.train import made_up

PARITY = {
    "cnn": {"bytes": 204800, "quantisation": "int8", "agreement_with_keras": 0.988},
    "rnn": {"bytes": 102400, "quantisation": "dynamic-range", "agreement_with_keras": 0.994},
}


def right(corpus: str, part: str) -> int:
    return {"song": 9, "speech": 6, "cremad": 7, "music": 8, "emopia": 5}[corpus]


def written(run: runs.Run, folder: Path, note: str = "") -> tuple[dict[str, Any], str]:
    """The results for the card, and the page."""
    training, results = model_card.training_of(run), model_card.results_of(run, note)
    model_card.write(folder, training, results, PARITY)
    return results, (folder / "MODEL_CARD.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> runs.Run:
    extra = {
        "robustness": made_up.robustness({"small room": 3.5}),
        "streams": made_up.streams(0.1),
        "songs": made_up.table_of_songs(16),
    }
    folder = tmp_path_factory.mktemp("runs") / "shipped"
    return runs.find(made_up.make(folder, "shipped", 1, right, extra))
