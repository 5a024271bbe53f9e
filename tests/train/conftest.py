"""A miniature of the corpora, synthesised: each mood is a tone of its own in a little noise."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path

import click
import numpy as np
import pytest
import soundfile
from click.testing import CliRunner, Result

from moodstream.mood.circumplex import MOODS, QUADRANTS
from moodstream_train.corpora import Clip, noise
from moodstream_train.dataset import features
from moodstream_train.recipe import CnnRecipe, Recipe, RnnRecipe, Schedule, TextureRecipe
from moodstream_train.recipes import RECIPES

RATE = 16000
ARTISTS = 20
CREMAD_ACTORS = range(1001, 1021)
CREMAD_MOODS = {"ANG": "angry", "DIS": "disgust", "FEA": "fearful"}
CREMAD_MOODS |= {"HAP": "happy", "NEU": "neutral", "SAD": "sad"}

SOUNDS = 10
SHIPPED = RECIPES["shipped"]
NOT_MADE: dict[str, float] = dict.fromkeys(
    (
        *("nemo", "ased", "emovo", "turev", "baved", "emogator"),
        *("emopia", "musifeast", "vgmidi", "games", "effects", "own"),
    ),
    0,
)
"""Shares of the corpora that are not in the miniature."""
TINY = replace(
    SHIPPED,
    shares=replace(SHIPPED.shares, **NOT_MADE),
    silence=replace(SHIPPED.silence, stationary=0),  # as tones are
    # So few steps do not teach a model what music is. It judges whatever it hears.
    hearing=replace(SHIPPED.hearing, confident=0.0, doubtful=0.0),
    texture=TextureRecipe(length=64, lags=(1, 4)),
    cnn=CnnRecipe(
        Schedule(batch=8, epochs=2, steps=12, learning_rate=3e-3, average=0.9),
        window_frames=64,
        channels=(8, 8),
        texture=(8,),
    ),
    rnn=RnnRecipe(
        Schedule(batch=4, epochs=2, steps=2, learning_rate=1e-3, average=0.9),
        memory_steps=16,
        sequence_steps=16,
        embedding=8,
        units=8,
        settle_s=0.5,
    ),
)
"""Windows of a second, over which speech is too short and music is not."""


def tone(mood: int, seconds: float, rate: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    times = np.arange(round(seconds * rate)) / rate
    wave = 0.2 * np.sin(2 * np.pi * (200 + 150 * mood) * times)
    return (wave + 0.01 * rng.standard_normal(len(times))).astype(np.float32)


def make_voices(folder: Path) -> int:
    """Speech by 24 actors at 48 kHz, and song by 23 at 16 kHz: two files an actor."""
    count = 0
    for actor in range(1, 25):
        for channel, rate in ((1, 48000), (2, RATE)):
            if channel == 2 and actor == 18:
                continue
            mood = actor % (8 if channel == 1 else 6)
            place = folder / ("speech" if channel == 1 else "song") / f"Actor_{actor:02}"
            place.mkdir(parents=True, exist_ok=True)
            name = f"03-{channel:02}-{mood + 1:02}-01-01-01-{actor:02}.wav"
            soundfile.write(place / name, tone(mood, 0.7, rate, actor), rate)
            count += 1
    return count


def make_music(folder: Path) -> int:
    """A table and 40 clips by 20 artists, in flac."""
    lines = ["clip,quadrant,artist,title,genres,moods"]
    for i in range(2 * ARTISTS):
        quadrant = QUADRANTS[i % 4]
        (folder / quadrant).mkdir(parents=True, exist_ok=True)
        soundfile.write(folder / quadrant / f"MT{i:03}.flac", tone(8 + i % 4, 1.5, RATE, i), RATE)
        lines.append(f"MT{i:03},{quadrant},Artist {i // 2},Title,Genre,Moods")
    (folder / "clips.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 2 * ARTISTS


def make_cremad(folder: Path) -> int:
    """A table and two clips each by ten women and ten men, at 16 kHz."""
    folder.mkdir()
    rows = ["ActorID,Age,Sex"]
    for i, actor in enumerate(CREMAD_ACTORS):
        rows.append(f"{actor},30,{'Male' if i % 2 else 'Female'}")
        for k, sentence in enumerate(("IEO", "TIE")):
            short = tuple(CREMAD_MOODS)[(i + 3 * k) % 6]
            wave = tone(MOODS.index(CREMAD_MOODS[short]), 1.2, RATE, 2 * i + k)
            soundfile.write(folder / f"{actor}_{sentence}_{short}_XX.wav", wave, RATE)
    (folder / "actors.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return 2 * len(CREMAD_ACTORS)


def make_sounds(folder: Path) -> int:
    """A clip of each class of UrbanSound8K, from ten recordings: noise in bursts."""
    folder.mkdir()
    for kind in range(SOUNDS):
        rng = np.random.default_rng(kind)
        wave = 0.1 * rng.standard_normal(RATE) * (np.arange(RATE) // 1600 % 2)
        soundfile.write(folder / f"{kind}-{kind}-0-0.wav", wave, RATE)
    return SOUNDS


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """RAVDESS and 4Q."""
    folder = tmp_path_factory.mktemp("corpora")
    make_voices(folder / "ravdess")
    make_music(folder / "music4q")
    return folder


@pytest.fixture(scope="session")
def shipped_data(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that the tiny recipe takes: CREMA-D and sounds, too."""
    folder = tmp_path_factory.mktemp("shipped-corpora")
    for name in ("ravdess", "music4q"):
        (folder / name).symlink_to(data / name)
    make_cremad(folder / "cremad")
    make_sounds(folder / "sounds")
    return folder


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def in_threads() -> Iterator[None]:
    """Features are computed in threads: a process takes longer to start than these clips."""

    def threads(
        workers: int,
        initializer: Callable[..., None],
        initargs: tuple[object, ...],
        **_: object,
    ) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(workers, initializer=initializer, initargs=initargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(features, "ProcessPoolExecutor", threads)
        yield


@pytest.fixture(scope="session")
def few_noises() -> Iterator[None]:
    """Ten short sounds without a mood."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(noise, "COUNT", 10)
        patch.setattr(noise, "SECONDS", 1)
        yield


@pytest.fixture(scope="session")
def all_clips(shipped_data: Path, cache: Path, few_noises: None) -> list[Clip]:
    """What a run with the tiny recipe is of."""
    from moodstream_train.training import sources  # noqa: PLC0415, loads Keras

    return sources.load_clips(TINY, shipped_data, cache)[0]


def ignore(_done: int, _of: int) -> None:
    """No progress is wanted."""


@pytest.fixture(scope="session")
def all_features(
    all_clips: list[Clip], cache: Path, in_threads: None
) -> tuple[features.Features, features.Features]:
    """Of the clips as they are, and of a variant of each."""
    one, other = (features.load(all_clips, TINY, k, cache, ignore) for k in (0, 1))
    return one, other


@pytest.fixture
def tiny() -> Recipe:
    return TINY


@pytest.fixture
def tiny_recipes(monkeypatch: pytest.MonkeyPatch, in_threads: None, few_noises: None) -> None:
    """The commands train with the tiny recipe, by any name; of the corpora that are made."""
    for name, recipe in RECIPES.items():
        shares = replace(recipe.shares, **NOT_MADE)
        small = replace(TINY, shares=shares, split=recipe.split, folds=recipe.folds)
        monkeypatch.setitem(RECIPES, name, small)


def command(name: str, *arguments: object) -> Result:
    module = import_module(f"moodstream_train.cli.{name}")
    return CliRunner().invoke(getattr(module, name), [str(argument) for argument in arguments])


class PlugError(Exception):
    """Somebody pulled the plug."""


@dataclass(frozen=True)
class Work:
    """What the three commands wrote, and what they printed."""

    run: Path
    out: Path
    interrupted: str
    resumed: str


@pytest.fixture(scope="session")
def work(
    shipped_data: Path,
    cache: Path,
    in_threads: None,
    few_noises: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Work:
    """A run with one fold, which was interrupted, and the final model; measured and exported."""
    run, out = tmp_path_factory.mktemp("run") / "one", tmp_path_factory.mktemp("out") / "bundle"
    train = ("train", "--data", shipped_data, "--run", run, "--cache", cache)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(RECIPES, "shipped", TINY)
        train_module = import_module("moodstream_train.cli.train")
        say = train_module.say
        patch.setattr(train_module, "say", partial(_say_until, "rnn: epoch 1/2"))
        interrupted = command(*train, "--part", "fold-0")
        assert isinstance(interrupted.exception, PlugError), interrupted.output
        patch.setattr(train_module, "say", say)
        few_measurements(patch)
        printed = []
        for arguments in (
            (*train, "--part", "fold-0", "--part", "final"),
            ("evaluate", run),
            ("export", run, "--out", out, "--note", "The recipe was a guess."),
        ):
            result = command(*arguments)
            assert result.exit_code == 0, (result.output, result.exc_info)
            printed.append(result.output)
    return Work(run, out, interrupted.output, printed[0])


def few_measurements(patch: pytest.MonkeyPatch) -> None:
    """The measurements that take minutes are done of little."""
    from moodstream_train.evaluation import rows  # noqa: PLC0415, loads Keras

    every = rows.conditions.conditions

    def some(*given: object) -> dict[str, object]:
        return {name: every(*given)[name] for name in ("gain -10 dB", "babble 20 dB")}

    patch.setattr(rows.conditions, "conditions", some)
    patch.setattr(rows, "STREAM_SEEDS", range(1))
    for module, name, short in (
        (rows.streams, "make", {"length_s": 12, "segment_s": (3, 5)}),
        (rows.record, "record_noises", {"seconds": 3}),
        (rows.songs, "choose", {"count": 4}),
        (rows.rooms, "evening", {"seconds": 3}),
    ):
        patch.setattr(module, name, partial(getattr(module, name), **short))


def _say_until(end: str, line: str) -> None:
    click.echo(line)
    if end in line:
        raise PlugError(line)
