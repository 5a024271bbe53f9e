"""What a bundle says of itself: whose data, which figures, where it fails."""

from pathlib import Path

import pytest

from moodstream_train.card import model_card
from moodstream_train.card.licences import LICENCES
from moodstream_train.training import run as runs
from tests.train import made_up
from tests.train.card.conftest import PARITY, right, written


def test_the_corpora_that_were_trained_on_are_named_with_their_licences(
    run: runs.Run, tmp_path: Path
) -> None:
    training = model_card.training_of(run)
    assert set(training["corpora"]) == {*LICENCES} - {"own"}
    assert training["calibration"]["cnn_weight"] == 0.5
    page = written(run, tmp_path)[1]
    assert "300 clips of RAVDESS song, 400 clips of RAVDESS speech" in page
    assert "Open Database License: 300 clips of CREMA-D" in page
    assert "- 10 noises and hums made by formula" in page
    assert "because RAVDESS, nEMO, TurEV-DB, 4Q, MUSIFEAST-17, EMOPIA and UrbanSound8K" in page
    assert "ASED, EMOVO, BAVED and VGMIDI state no licence.**" in page


def test_each_corpus_is_counted_under_its_licence(run: runs.Run, tmp_path: Path) -> None:
    training = model_card.training_of(run)
    sounds = {"sounds dog_bark": 7, "sounds siren": 5, "games wesnoth-music": 4, "baved x": 3}
    training["clips"] = {**training["clips"], **sounds}
    model_card.write(tmp_path, training, model_card.results_of(run, ""), PARITY)
    page = (tmp_path / "MODEL_CARD.md").read_text(encoding="utf-8")
    for line in ("12 clips of UrbanSound8K.", "4 clips of music of games.", "3 clips of BAVED."):
        assert line in page


def test_the_languages_of_the_voices_are_named(run: runs.Run, tmp_path: Path) -> None:
    page = written(run, tmp_path)[1]
    spoken = "North American English, Polish, Amharic, Italian, Turkish and Arabic"
    assert f"The voices speak {spoken}." in page.replace("\n", " ")
    assert "MIT licence" in page


def test_a_corpus_that_was_not_trained_on_is_not_named(tmp_path: Path) -> None:
    run = runs.find(made_up.make(tmp_path / "run", "emopia", 1, right))
    page = written(run, tmp_path)[1]
    assert "CC BY-NC-SA 4.0: 200 clips of EMOPIA" in page
    assert "RAVDESS" not in page.split("## Accuracy")[0]
    assert "The voices speak" not in page
    assert "because EMOPIA is.**" in page


def test_the_page_shows_the_figures_and_the_remark(run: runs.Run, tmp_path: Path) -> None:
    page = written(run, tmp_path, "The recipe was a guess.")[1]
    assert "| RAVDESS song, 6 moods, UAR | 90.0 ± 0.0 | 90.0 ± 0.0 |" in page
    assert "| 4Q music, quadrant, accuracy | 80.0 ± 0.0 |" in page
    assert "300 of CREMA-D" in page
    assert "The recipe was a guess." in page
    seen = "sees 3 seconds of timbre, and statistics of 8 seconds with harmony and rhythm"
    assert f"| `cnn.tflite` | convolutional (CNN); {seen} | 205 kB, int8 |" in page
    assert "remembers 16 seconds at most | 102 kB, dynamic-range |" in page


def test_the_page_says_where_it_fails_and_for_whom(run: runs.Run, tmp_path: Path) -> None:
    page = written(run, tmp_path)[1]
    assert "In RAVDESS speech, neutral is recognised worst (60 %). Neutral is taken for" in page
    assert "small room costs 4Q music most: 3.5 points" in page
    assert "In 4Q music, Q1 (pleasant and excited) is recognised worst (80 %)." in page
    assert "RAVDESS speech, 8 moods, UAR: women 60.0 (95 %: " in page
    assert "to judge people" in page


@pytest.mark.parametrize(("men", "worse"), [(9, "Women"), (1, "Men"), (6, "")])
def test_who_is_heard_worse_beyond_doubt_is_said(
    run: runs.Run, tmp_path: Path, men: int, worse: str
) -> None:
    results = model_card.results_of(run, "")
    own = {"female": {"clips": 9, "uar": 55.0, "interval": [50.0, 60.0]}}
    own["male"] = {"clips": 9, "uar": 10.0 * men, "interval": [10.0 * men - 5, 10.0 * men + 5]}
    results["sex"] = {"speech": own}
    model_card.write(tmp_path, model_card.training_of(run), results, PARITY)
    page = (tmp_path / "MODEL_CARD.md").read_text(encoding="utf-8")
    said = page.split("## Women and men")[1]
    assert [who for who in ("Women", "Men") if f"{who} are heard worse." in said] == (
        [worse] if worse else []
    )


def test_a_corpus_of_which_women_alone_are_held_out_compares_nobody(
    run: runs.Run, tmp_path: Path
) -> None:
    results = model_card.results_of(run, "")
    results["sex"] = {"nemo": {"female": {"clips": 9, "uar": 55.0, "interval": [50.0, 60.0]}}}
    model_card.write(tmp_path, model_card.training_of(run), results, PARITY)
    assert "Women and men" not in (tmp_path / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_a_run_that_was_not_measured_says_so(run: runs.Run, tmp_path: Path) -> None:
    other = runs.find(made_up.make(tmp_path / "run", "shipped", 1, right))
    (other.folder / "results.json").unlink()
    results, page = written(other, tmp_path, "Just begun.")
    assert results == {
        "measured": False,
        "note": "no fold of this recipe has been measured",
        "remark": "Just begun.",
    }
    assert "Nothing was measured: no fold of this recipe has been measured. Just begun." in page
