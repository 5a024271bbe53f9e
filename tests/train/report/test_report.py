"""One page of many runs: its figures, what it calls met, and what it says is not there."""

import json
from pathlib import Path
from typing import Any

import pytest

from moodstream_train.errors import TrainingError
from moodstream_train.report.gathered import is_seed_project
from moodstream_train.report.page import write
from moodstream_train.training.run import FOLDS
from tests.train import made_up


def shipped(corpus: str, part: str) -> int:
    """Of ten clips a label, how many are right."""
    return {"song": 9, "speech": 6, "cremad": 7, "music": 8, "emopia": 5}[corpus]


def uneven(corpus: str, part: str) -> int:
    """A seed that is better in one fold."""
    return shipped(corpus, part) + (part == FOLDS[0])


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


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """All recipes, the shipped one with two seeds, and the seed project."""
    root = tmp_path_factory.mktemp("runs")
    extra = {
        "robustness": made_up.robustness({"small room": 3.5, "babble 10 dB": 5.0}),
        "streams": made_up.streams(0.31),
        "songs": made_up.table_of_songs(16),
    }
    on_music = {
        model: {"music": {key: made_up.evaluate._spread([35.0] * 5) for key in KEYS}}
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


KEYS = ("uar", "accuracy", "macro_f1", "loss")


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


def test_a_figure_is_the_mean_over_folds_and_seeds(rows: dict[str, Any]) -> None:
    found = rows["V1"]["int8"]["UAR"]
    assert found["mean"] == pytest.approx(91)  # 90 in each fold, and 92 of the other seed
    assert found["folds"] == pytest.approx(2.236, abs=0.01)  # 95, 90, 90, 90, 90
    assert found["seeds"] == pytest.approx(1.414, abs=0.01)  # 90 and 92


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("S1", "met"),
        ("S2", "missed: accuracy, loss"),
        ("S3", "met"),
        ("V1", "met"),
        ("V2", "missed: UAR"),
        ("V3", "met"),
        ("M1", "met"),
        ("M2", "reported"),
        ("M3", "met"),
        ("J", "missed: V2"),
        ("Q", "met"),
        ("R", "missed: drop"),
        ("T", "missed: false changes"),
    ],
)
def test_a_row_says_whether_its_goal_is_met(rows: dict[str, Any], row: str, said: str) -> None:
    assert rows[row]["verdict"] == said


def test_a_row_that_is_measured_in_part_says_what_is_not(rows: dict[str, Any]) -> None:
    said = rows["X"]["verdict"]
    assert said.startswith("missed: speech to cremad (warm), evening; not measured: cremad to")


def test_calibration_is_that_of_the_worst_corpus(rows: dict[str, Any], page: str) -> None:
    lines = [line for line in section(page, "Calibration").splitlines() if line.startswith("| ")]
    errors = [float(line.split("|")[2].split()[0]) for line in lines[2:]]
    assert len(errors) == 5
    assert rows["C"]["int8"]["ECE"]["mean"] == pytest.approx(max(errors), abs=0.001)
    assert "ECE" in rows["C"]["verdict"]


def test_the_drops_that_are_too_large_are_bold(page: str) -> None:
    lines = {line.split(" | ")[0]: line for line in section(page, "Worse sound").splitlines()}
    assert lines["| small room"].count("**3.5") == 3
    assert "**" not in lines["| babble 10 dB"]  # six points are allowed
    assert "**" not in lines["| gain +12 dB"]
    assert "| clean" not in lines


def test_streams_without_a_mood_show_how_often_one_is_said(page: str) -> None:
    own = section(page, "Streams")
    assert "| noise, hum and silence | - | - | 1.5 ± 0.0 | - |" in own
    assert "| music, smoothing | 3.2 ± 0.0 | 72.0 ± 0.0 |" in own


def test_the_leaky_splits_stand_beside_the_project_that_came_before(page: str) -> None:
    own = section(page, "The splits of the project")
    assert "| S1: CNN, int8 | 60 | 100.0 | 0.010 |" in own
    assert "| S1: CNN of that project, made again | 203 | 81.8 | 0.500 |" in own
    assert "| S1: CNN of that project, as reported | - | 88.67 | 1.041 |" in own
    assert "*leaky*" in own
    assert "31.5" in section(page, "New artists")


def test_each_section_names_the_commands_that_made_it(page: str) -> None:
    command = (
        "`moodstream train --data DATA --recipe shipped --seed 2 --run b`, `moodstream evaluate b`"
    )
    for title in ("New voices", "Calibration", "Worse sound", "Streams", "Women and men"):
        assert command in section(page, title)
    for command in ("--recipe songs-75 --seed 1", "--recipe seed-project --seed 1 --run before"):
        assert command in section(page, "The splits of the project")


def test_every_picture_that_is_linked_is_there(written: tuple[Path, list[Path]], page: str) -> None:
    out, paths = written
    linked = {line.split("](")[1][:-1] for line in page.splitlines() if line.startswith("![")}
    made = {path.relative_to(out).as_posix() for path in paths if path.suffix == ".png"}
    assert linked == made
    assert all((out / name).exists() for name in linked)
    assert {
        "pictures/shipped-confusion-cremad.png",
        "pictures/shipped-rnn-curves.png",
        "pictures/songs-80-confusion-cnn.png",
        "pictures/songs-75-confusion-rnn.png",
        "pictures/songs-75-cnn-curves.png",
        "pictures/seed-project-cnn-curves.png",
    } <= linked
    assert (out / "pictures" / "songs-80-confusion-cnn.png").stat().st_size > 1000


def test_the_tables_are_tables(page: str) -> None:
    blocks = [block for block in page.split("\n\n") if block.startswith("| ")]
    assert len(blocks) > 10
    for block in blocks:
        assert len({line.count("|") for line in block.splitlines()}) == 1


def test_without_runs_every_row_names_the_command_that_would_measure_it(tmp_path: Path) -> None:
    write([], tmp_path)
    rows = json.loads((tmp_path / "results.json").read_text())["rows"]
    assert all(row["verdict"].startswith("not measured: `moodstream ") for row in rows)
    page = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert "--recipe songs-80 --run songs-80`" in section(page, "The splits of the project")
    assert "Not measured." in section(page, "Other rooms")


def test_folds_that_are_missing_are_told(tmp_path: Path) -> None:
    run = made_up.make(tmp_path / "run", "shipped", 1, shipped, folds=FOLDS[:2])
    write([run], tmp_path / "out")
    rows = json.loads((tmp_path / "out" / "results.json").read_text())["rows"]
    assert next(row for row in rows if row["id"] == "V1")["verdict"] == "met (of 2 folds only)"


def test_changes_of_the_recipe_are_part_of_the_command(tmp_path: Path) -> None:
    changed = made_up.with_dropout("shipped", 0.5)
    run = made_up.make(tmp_path / "run", "shipped", 1, shipped, changed=changed)
    write([run], tmp_path / "out")
    page = (tmp_path / "out" / "results.md").read_text(encoding="utf-8")
    assert "--seed 1 --set cnn.dropout=0.5 --run run`" in page


def test_runs_that_cannot_be_averaged_are_refused(folders: list[Path], tmp_path: Path) -> None:
    again = made_up.make(tmp_path / "again", "shipped", 1, shipped)
    with pytest.raises(TrainingError, match="both of recipe shipped, seed 1; give one"):
        write([*folders, again], tmp_path / "out")
    changed = made_up.with_dropout("shipped", 0.5)
    other = made_up.make(tmp_path / "other", "shipped", 3, shipped, changed=changed)
    with pytest.raises(TrainingError, match=r"different changes \(none; cnn.dropout=0.5\)"):
        write([*folders, other], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_run_that_was_not_measured_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="measure the run with `moodstream evaluate` first"):
        write([tmp_path], tmp_path / "out")


def test_the_seed_project_is_known_by_its_file(folders: list[Path]) -> None:
    assert [is_seed_project(folder) for folder in folders] == [False] * 7 + [True]
