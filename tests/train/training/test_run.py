"""A run's folder: who is on which side, and what its parts have in common."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from moodstream_train.corpora import Clip
from moodstream_train.recipe import FINAL, RANDOM, Recipe
from moodstream_train.training import run as runs
from moodstream_train.training.calibrate import Calibration
from tests.train.conftest import TINY

SONGS = [
    Clip(Path(f"{i}.wav"), "song", f"actor {i % 24 + 1:02}", (i % 6,), f"mood {i % 6}")
    for i in range(120)
]


@pytest.fixture
def make_run(data: Path, cache: Path, tmp_path: Path) -> runs.Run:
    songs = replace(TINY.shares, speech=0, cremad=0, music=0, sounds=0, noise=0)
    recipe = replace(TINY, shares=songs, split="random-25")
    return runs.begin(tmp_path / "run", data, cache, 4, "songs-75", recipe, print)


def test_a_run_is_found_again_as_it_was_begun(make_run: runs.Run, data: Path, cache: Path) -> None:
    again = runs.find(make_run.folder)
    assert again.recipe == make_run.recipe
    assert (again.name, again.seed, again.data) == ("songs-75", 4, data)
    assert {clip.corpus for clip in again.clips()} == {"song"}
    same = runs.begin(make_run.folder, data, cache, 4, "songs-75", again.recipe, print)
    assert same.recipe == again.recipe


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(runs.RunError, match=r"no run\.json in it"):
        runs.find(tmp_path)


def test_a_run_of_another_recipe_s_shape_is_refused(make_run: runs.Run) -> None:
    path = make_run.folder / runs.RUN
    tree = json.loads(path.read_text())
    tree["recipe"]["cnn"]["dropuot"] = 0.5
    path.write_text(json.dumps(tree))
    with pytest.raises(runs.RunError, match=r"recipe\.cnn\.dropuot: unknown key"):
        runs.find(make_run.folder)


def test_a_random_split_holds_out_its_share_and_calibrates_on_neither(make_run: runs.Run) -> None:
    made = make_run.split(SONGS, RANDOM)
    assert (len(made.test), len(made.inner), len(made.train)) == (30, 9, 81)
    assert sorted(made.train + made.inner + made.test) == list(range(120))
    assert make_run.split(SONGS, RANDOM) == made


def test_only_finished_folds_count_and_the_final_model_takes_their_mean(
    make_run: runs.Run,
) -> None:
    assert make_run.finished_folds() == []
    assert make_run.calibration(FINAL) == Calibration()
    for fold, temperature in (("fold-1", 1.0), ("fold-4", 4.0)):
        make_run.part(fold).mkdir()
        made = Calibration(temperature, temperature, 0.5)
        (make_run.part(fold) / runs.CALIBRATION).write_text(json.dumps(asdict(made)))
    make_run.part("fold-2").mkdir()
    assert make_run.finished_folds() == ["fold-1", "fold-4"]
    assert make_run.calibration("fold-4").cnn_temperature == 4
    assert make_run.calibration(FINAL).cnn_temperature == 2


@pytest.mark.parametrize("recipe", runs.CORPUS_OF)
def test_each_share_names_a_corpus_that_can_be_loaded(recipe: str) -> None:
    assert hasattr(Recipe().shares, recipe)
    assert runs.CORPUS_OF[recipe] in runs.corpora.NAMES
