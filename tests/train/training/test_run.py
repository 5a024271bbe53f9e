"""A run's folder: who is on which side, and what its parts have in common."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import soundfile

from moodstream_train import corpora
from moodstream_train.corpora import Clip
from moodstream_train.parts import FINAL, PARTS, RANDOM, WITHOUT
from moodstream_train.recipe import Recipe, Shares
from moodstream_train.recipes import RECIPES
from moodstream_train.training import record, sources
from moodstream_train.training import run as runs
from moodstream_train.training.calibrate import Calibration
from tests.train.conftest import TINY, tone

NOTHING = Shares(**dict.fromkeys(asdict(Shares()), 0.0))

SONGS = [
    Clip(Path(f"{i}.wav"), "song", f"actor {i % 24 + 1:02}", (i % 6,), f"mood {i % 6}")
    for i in range(120)
]


@pytest.fixture
def make_run(data: Path, cache: Path, tmp_path: Path) -> runs.Run:
    songs = replace(TINY.shares, speech=0, cremad=0, music=0, sounds=0, noise=0)
    recipe = replace(TINY, shares=songs, split="random-25")
    return record.begin(tmp_path / "run", data, cache, 4, "songs-75", recipe, print)


def test_a_run_is_found_again_as_it_was_begun(make_run: runs.Run, data: Path, cache: Path) -> None:
    again = runs.find(make_run.folder)
    assert again.recipe == make_run.recipe
    assert (again.name, again.seed, again.data) == ("songs-75", 4, data)
    assert {clip.corpus for clip in again.clips()} == {"song"}
    same = record.begin(make_run.folder, data, cache, 4, "songs-75", again.recipe, print)
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


@pytest.mark.parametrize("recipe", sources.CORPUS_OF)
def test_each_share_names_a_corpus_that_can_be_loaded(recipe: str) -> None:
    assert hasattr(Recipe().shares, recipe)
    assert sources.CORPUS_OF[recipe] in corpora.NAMES


def test_of_a_large_corpus_only_so_many_clips_are_taken_the_same_each_time(
    tmp_path: Path,
) -> None:
    for person in range(1, 5):
        for category in range(1, 31):
            path = tmp_path / "emogator" / f"{person:06}-{category:02}-1.wav"
            path.parent.mkdir(exist_ok=True)
            soundfile.write(path, tone(category, 0.05, 16000, category), 16000)
    alone = replace(RECIPES["speech"], shares=replace(NOTHING, emogator=1))
    every, _ = sources.load_clips(alone, tmp_path, tmp_path / "cache")
    some, few, again = (
        sources.load_clips(
            replace(alone, limits=replace(alone.limits, emogator=most)), tmp_path, tmp_path
        )[0]
        for most in (40, 15, 15)
    )
    assert (len(every), len(some), len(few)) == (120, 40, 15)
    assert few == again
    assert {*few} < {*some} < {*every}
    places = [every.index(one) for one in some]
    assert places == sorted(places)
    assert {one.group for one in some} == {one.group for one in every}


@pytest.mark.parametrize("part", WITHOUT)
def test_a_part_leaves_its_corpora_out_and_tests_on_them(make_run: runs.Run, part: str) -> None:
    corpora = dict.fromkeys(name for names in WITHOUT.values() for name in names)
    clips = [
        Clip(Path(f"{name}-{i}.wav"), name, f"{name} {i}", (i % 4,), f"mood {i % 4}")
        for name in corpora
        for i in range(20)
    ]
    made = make_run.split(clips, part)
    assert {clips[i].corpus for i in made.test} == {*WITHOUT[part]}
    assert {clips[i].corpus for i in made.train} == {*corpora} - {*WITHOUT[part]}
    assert make_run.part(part).name == part
    assert part in PARTS
    assert part == f"without-{'-'.join(WITHOUT[part])}"


@pytest.mark.parametrize("name", ["music", "speech", "cremad", "emopia", "songs-80", "songs-75"])
def test_a_recipe_of_one_corpus_takes_no_other(name: str) -> None:
    shares = {corpus for corpus, share in asdict(RECIPES[name].shares).items() if share}
    assert shares == {"song" if name.startswith("songs") else name}


def test_the_recipe_of_voices_takes_no_music() -> None:
    shares = asdict(RECIPES["voice"].shares)
    assert not any(shares[name] for name in ("music", "musifeast", "emopia", "vgmidi", "games"))
    assert all(shares[name] for name in ("speech", "nemo", "sounds"))
