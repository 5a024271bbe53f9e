"""A report of every recipe, made once."""

import json
from pathlib import Path
from typing import Any

import pytest

from moodstream_train.parts import FOLDS
from moodstream_train.report.page import write
from tests.train import made_up

SEED_PROJECT: dict[str, Any] = {
    "seed": 1,
    **{
        goal: {
            "accuracy": accuracy,
            "loss": 0.5,
            "test_clips": 203,
            "reported": {"accuracy": reported, "loss": 1.041},
        }
        for goal, accuracy, reported in (("S1", 81.77, 88.67), ("S2", 70.3, 73.91))
    },
    "M2": {model: {"clips": 720, "accuracy": 31.5, "macro_f1": 25.0} for model in ("cnn", "rnn")},
}
KEYS = ("uar", "accuracy", "macro_f1", "loss")


def shipped(corpus: str, part: str) -> int:
    """Of ten clips a label, how many are right."""
    return {"song": 9, "speech": 6, "cremad": 7, "music": 8, "emopia": 5}[corpus]


def uneven(corpus: str, part: str) -> int:
    """A seed that is better in one fold."""
    return shipped(corpus, part) + (part == FOLDS[0])


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """All recipes, the shipped one with two seeds, and the seed project."""
    root = tmp_path_factory.mktemp("runs")
    extra = {
        "robustness": made_up.robustness({"small room": 5.5, "babble 10 dB": 5.0}),
        "streams": made_up.streams(0.81),
        "songs": made_up.table_of_songs(16),
    }
    on_music = {
        model: {"music": {key: made_up.measured.spread([35.0] * 5) for key in KEYS}}
        for model in ("fused", "cnn", "rnn")
    }
    baseline = root / "before"
    baseline.mkdir()
    (baseline / "seed-project.json").write_text(json.dumps(SEED_PROJECT))
    (baseline / "cnn-curves.png").write_bytes(b"curves")
    voices = made_up.rooms("cremad", 41.0, 50.0, {"happy": 2.0, "sad": 6.0})
    return [
        made_up.make(root / "b", "shipped", 2, uneven, extra),
        made_up.make(root / "a", "shipped", 1, shipped, extra),
        made_up.make(root / "voice", "voice", 1, lambda *_: 9, {"on_music": on_music}),
        made_up.make(root / "music", "music", 1, lambda *_: 8),
        made_up.make(root / "speech", "speech", 1, lambda *_: 6, {"rooms": voices}),
        made_up.make(root / "songs-80", "songs-80", 1, lambda *_: 10),
        made_up.make(root / "songs-75", "songs-75", 1, lambda *_: 9),
        baseline,
    ]


@pytest.fixture(scope="module")
def written(
    folders: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[Path]]:
    out = tmp_path_factory.mktemp("out") / "results"
    return out, write(folders, out)


@pytest.fixture(scope="module")
def rows(written: tuple[Path, list[Path]]) -> dict[str, Any]:
    tree = json.loads((written[0] / "results.json").read_text())
    return {row["id"]: row for row in tree["rows"]}


@pytest.fixture(scope="module")
def page(written: tuple[Path, list[Path]]) -> str:
    return (written[0] / "results.md").read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    return page.split(f"## {title}")[1].split("\n## ", maxsplit=1)[0]
