"""Fine-tuning on own recordings: what cannot teach is refused, with a reason, at once."""

import resource
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodstream.bundle import disk
from moodstream_train import corpora
from moodstream_train.training import own, sources, start
from moodstream_train.training import run as runs
from moodstream_train.training.run import RunError
from tests.support.signals import glide
from tests.train.conftest import RATE, command

CLIP_S = 2


def put(folder: Path, label: str, group: str, number: int) -> None:
    place = folder / label / group
    place.mkdir(parents=True, exist_ok=True)
    soundfile.write(place / f"{number}.wav", glide(CLIP_S), RATE)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Twelve clips of two moods and two groups."""
    for label in ("happy", "sad"):
        for group in ("anna", "ben"):
            for number in range(3):
                put(tmp_path / "mine", label, group, number)
    return tmp_path / "mine"


def train(place: Path, *more: object) -> tuple[object, ...]:
    run, cache = place.parent / "run", place.parent / "cache"
    return ("train", "--own", place, "--run", run, "--cache", cache, *more)


def silence(folder: Path) -> None:
    for path in folder.glob("happy/anna/*.wav"):
        soundfile.write(path, np.zeros(RATE, np.float32), RATE)


def one_mood(folder: Path) -> None:
    for path in folder.glob("sad/*/*.wav"):
        path.unlink()
    for place in (*folder.glob("sad/*"), folder / "sad"):
        place.rmdir()


def one_clip(folder: Path) -> None:
    one_mood(folder)
    for path in sorted(folder.glob("happy/*/*.wav"))[1:]:
        path.unlink()


def unknown(folder: Path) -> None:
    (folder / "sad").rename(folder / "gloomy")


def unreadable(folder: Path) -> None:
    (folder / "sad" / "ben" / "1.wav").write_bytes(b"RIFF\x00\x00\x00\x00WAVEnothing")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (one_mood, "all 6 clips are happy: one answer is correct for all"),
        (one_clip, "a single clip teaches nothing"),
        (silence, "anna/0.wav: silent from beginning to end; remove it"),
        (unknown, "gloomy: not a mood or quadrant; known are: neutral, calm"),
        (unreadable, "sad/ben/1.wav: cannot be read"),
    ],
)
def test_what_cannot_teach_is_refused_before_anything_is_written(
    mine: Path, spoil: Callable[[Path], None], message: str
) -> None:
    spoil(mine)
    result = command(*train(mine))
    assert result.exit_code == 1, result.output
    assert message in result.output
    assert not (mine.parent / "run").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--own", "mine", "--recipe", "voice"), "--own has its own recipe"),
        (("--data", "mine", "--bundle", "mine"), "--bundle works only with --own"),
        ((), "give the corpora with --data, or your own recordings with --own"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    mine: Path, arguments: tuple[str, ...], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mine.parent)
    result = command("train", "--run", "run", *arguments)
    assert result.exit_code == 2
    assert message in result.output


def test_a_full_disk_is_an_error_with_advice(mine: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file may grow beyond this, as on a full disk. The first noise or the networks would.
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        result = command(*train(mine))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert result.exit_code == 1, (result.output, result.exc_info)
    assert "Error: File too large: make room, or choose another folder" in result.output
    assert not (mine.parent / "run" / "run.json").exists()


def test_a_bundle_that_is_none_is_refused(mine: Path) -> None:
    result = command(*train(mine, "--bundle", mine))
    assert result.exit_code == 1
    assert "a bundle is a directory with card.json" in result.output


@pytest.fixture
def begun(mine: Path, few_noises: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run that has begun, and has trained nothing yet."""
    monkeypatch.setattr("moodstream_train.training.train.train_part", lambda *_: None)
    monkeypatch.setattr("moodstream_train.training.run.load_features", lambda *_: None)
    result = command(*train(mine))
    assert result.exit_code == 0, result.output
    assert "own recordings: 12 clips, 2 groups, 0.4 min; happy 6, sad 6" in result.output
    assert "warning: 12 clips can change the networks a little" in result.output
    assert "to train: fold-0, fold-1, final" in result.output
    return mine.parent / "run"


def test_a_run_goes_on_with_the_same_labels_alone(begun: Path, mine: Path) -> None:
    result = command(*train(mine))
    assert result.exit_code == 0, result.output
    (mine / "happy" / "anna" / "0.wav").rename(mine / "sad" / "anna" / "again.wav")
    result = command(*train(mine))
    assert result.exit_code == 1
    assert "the run has other settings (corpora, own)" in result.output


def test_a_recording_that_came_later_is_not_part_of_the_run(begun: Path, mine: Path) -> None:
    put(mine, "sad", "anna", 7)
    with pytest.raises(RunError, match=r"7\.wav: was not there when the run began"):
        runs.find(begun).clips()


def test_a_run_without_a_trained_fold_is_not_measured(begun: Path) -> None:
    result = command("evaluate", begun)
    assert result.exit_code == 1
    assert "no fold is trained, so nothing is held out" in result.output
    result = command("evaluate", begun, "--tune")
    assert "a run of own recordings must be measured alone" in result.output


def test_one_group_is_trained_and_not_measured(begun: Path) -> None:
    run = runs.find(begun)
    clips = [replace(clip, group="own all") for clip in run.clips() if clip.corpus == "own"]
    assert own.parts(run, clips) == ["final"]


def test_what_the_corpora_at_hand_give_is_mixed_in(
    mine: Path, shipped_data: Path, tmp_path: Path, few_noises: None
) -> None:
    bundle = disk.read(disk.shipped())
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "cremad").symlink_to(shipped_data / "cremad")
    recipe = own.recipe_for(bundle, corpora.present(tmp_path / "data"), 12)
    clips, _ = sources.load_own(recipe, mine, tmp_path / "data", tmp_path / "cache")
    assert Counter(clip.corpus for clip in clips) == {"own": 12, "cremad": 40, "noise": 10}
    assert recipe.shares.own == 0.5
    assert recipe.shares.nemo == 0
    assert start.kept_share(recipe) == 1
    alone = own.recipe_for(bundle, [], 12)
    assert alone.shares.own + alone.shares.noise == pytest.approx(1)
    assert start.kept_share(alone) < 1


def test_the_schedule_grows_with_the_recordings() -> None:
    bundle = disk.read(disk.shipped())
    few, more, many = (own.recipe_for(bundle, [], n) for n in (10, 100, 5000))
    assert few.cnn.schedule.epochs < more.cnn.schedule.epochs < many.cnn.schedule.epochs
    assert many.cnn.schedule.epochs == many.rnn.schedule.epochs == own.MOST_EPOCHS
