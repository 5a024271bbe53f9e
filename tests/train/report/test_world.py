"""The first rows are read from what was heard of sounds and of corpora left out."""

import json
from typing import Any

import pytest

from moodstream_train.evaluation.measured import spread
from moodstream_train.report.page import write
from tests.train import made_up
from tests.train.report.conftest import shipped

HEARD = {
    name: {
        "right": spread([right] * 5),
        "voice": spread([97.0] * 5),
        "music": spread([98.0] * 5),
        "delay_s": spread([delay] * 5),
    }
    for name, right, delay in (("clean", 96.5, 1.5), ("mixed", 80.0, 2.5))
}
NAMING = {
    "rain": spread([1.0] * 5),
    "dog_bark": spread([3.0] * 5),
    "street_music": spread([95.0] * 5),
    "voices": spread([97.0] * 5),
}
LEFT_OUT = {
    "nemo": {"clips": 9, "cold": 40.0, "warm": 44.0},
    "turev": {"clips": 9, "cold": 50.0, "warm": 49.0},
    "musifeast": {"clips": 9, "cold": 56.0, "warm": 57.0, "valence": 60.0, "arousal": 85.0},
}
RATINGS = {"musifeast": {key: spread([0.5, 0.7]) for key in ("valence", "arousal")}}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    root = tmp_path_factory.mktemp("world")
    extra = {"naming": NAMING, "heard": HEARD, "left_out": LEFT_OUT, "ratings": RATINGS}
    run = made_up.make(root / "run", "shipped", 1, shipped, extra)
    write([run], root / "out")
    tree = json.loads((root / "out" / "results.json").read_text())
    return {row["id"]: row for row in tree["rows"]}, (root / "out" / "results.md").read_text()


def means(row: dict[str, Any]) -> dict[str, float]:
    return {name: one["mean"] for name, one in row["int8"].items()}


def test_street_music_is_no_sound_without_a_mood(page: tuple[dict[str, Any], str]) -> None:
    row = page[0]["N"]
    assert means(row) == {"all sounds": 2.0, "worst class": 3.0, "voices": 97.0}
    assert row["verdict"] == "met"


def test_what_is_heard_is_late_as_the_latest_stream(page: tuple[dict[str, Any], str]) -> None:
    row = page[0]["H"]
    assert means(row) == {"clean": 96.5, "mixed": 80.0, "delay": 2.5}
    assert row["verdict"] == "not reached: mixed, delay"


def test_what_a_room_wins_is_paired_by_corpus(page: tuple[dict[str, Any], str]) -> None:
    row = page[0]["L1"]
    assert means(row) == {"cold": 45.0, "won by the room": 1.5, "least won": -1.0}
    assert row["verdict"] == "not reached: cold, won by the room, least won"


def test_corpora_of_music_that_were_not_left_out_are_not_measured(
    page: tuple[dict[str, Any], str],
) -> None:
    assert page[0]["L2"]["verdict"] == "not reached: valence; not measured: 4Q"


def test_ratings_are_correlations(page: tuple[dict[str, Any], str]) -> None:
    assert means(page[0]["VA"]) == {"valence": pytest.approx(0.6), "arousal": pytest.approx(0.6)}


def test_the_page_shows_each_kind_of_sound_and_each_corpus(
    page: tuple[dict[str, Any], str],
) -> None:
    text = page[1]
    assert "| dog bark | 3.0" in text
    assert "| nEMO | 40.0 | 44.0 | - | - |" in text
    assert "street music" not in text
