"""What a bundle says of itself: whose data, which figures, where it fails."""

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


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> runs.Run:
    extra = {
        "robustness": made_up.robustness({"small room": 3.5}),
        "streams": made_up.streams(0.1),
        "songs": made_up.table_of_songs(16),
    }
    folder = tmp_path_factory.mktemp("runs") / "shipped"
    return runs.find(made_up.make(folder, "shipped", 1, right, extra))


def written(run: runs.Run, folder: Path, note: str = "") -> tuple[dict[str, Any], str]:
    """The results for the card, and the page."""
    training, results = model_card.training_of(run), model_card.results_of(run, note)
    model_card.write(folder, training, results, PARITY)
    return results, (folder / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_the_corpora_that_were_trained_on_are_named_with_their_licences(
    run: runs.Run, tmp_path: Path
) -> None:
    training = model_card.training_of(run)
    assert list(training["corpora"]) == ["ravdess", "cremad", "4q", "emopia"]
    assert training["calibration"]["cnn_weight"] == 0.5
    page = written(run, tmp_path)[1]
    assert "300 clips of RAVDESS song, 400 clips of RAVDESS speech" in page
    assert "Open Database License: 300 clips of CREMA-D" in page
    assert "- 10 noises and hums made by formula" in page
    assert "because RAVDESS, 4Q and EMOPIA are.**" in page


def test_a_corpus_that_was_not_trained_on_is_not_named(tmp_path: Path) -> None:
    run = runs.find(made_up.make(tmp_path / "run", "emopia", 1, right))
    page = written(run, tmp_path)[1]
    assert "CC BY-NC-SA 4.0: 200 clips of EMOPIA" in page
    assert "RAVDESS" not in page.split("## What was measured")[0]
    assert "because EMOPIA is.**" in page


def test_the_page_shows_the_figures_and_the_remark(run: runs.Run, tmp_path: Path) -> None:
    page = written(run, tmp_path, "The recipe was a guess.")[1]
    assert "| RAVDESS song, 6 moods, UAR | 90.0 ± 0.0 | 90.0 ± 0.0 |" in page
    assert "| 4Q music, quadrant, accuracy | 80.0 ± 0.0 |" in page
    assert "300 of CREMA-D" in page
    assert "The recipe was a guess." in page
    assert "A small CNN over 3 seconds of MFCC frames and statistics over 8" in page
    assert "`cnn.tflite` 200 KB (int8), `rnn.tflite` 100 KB (dynamic-range)" in page


def test_the_page_says_where_it_fails_and_for_whom(run: runs.Run, tmp_path: Path) -> None:
    page = written(run, tmp_path)[1]
    assert "In RAVDESS speech, neutral is recognised worst (60 %), and neutral is taken" in page
    assert "small room costs 4Q music most: 3.5 points" in page
    assert "RAVDESS speech, 8 moods, UAR: women 60.0 (95 %: " in page
    assert "Judging people" in page


def test_a_run_that_was_not_measured_says_so(run: runs.Run, tmp_path: Path) -> None:
    other = runs.find(made_up.make(tmp_path / "run", "shipped", 1, right))
    (other.folder / "results.json").unlink()
    results, page = written(other, tmp_path, "Just begun.")
    assert results == {
        "measured": False,
        "note": "no fold of this recipe has been measured",
        "remark": "Just begun.",
    }
    assert "Nothing: no fold of this recipe has been measured." in page
