"""A miniature of the corpora, synthesised: each mood is a tone of its own in a little noise."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodstream.mood import QUADRANTS
from moodstream_train import cli
from moodstream_train.recipe import RECIPE, CnnRecipe, Recipe, RnnRecipe, Schedule

RATE = 16000
ARTISTS = 20

TINY = replace(
    RECIPE,
    variants=replace(RECIPE.variants, count=1),
    cnn=CnnRecipe(
        Schedule(batch=8, epochs=2, steps=3, learning_rate=1e-3), window_frames=32, channels=(8, 8)
    ),
    rnn=RnnRecipe(
        Schedule(batch=4, epochs=2, steps=2, learning_rate=1e-3),
        memory_steps=16,
        embedding=8,
        units=(8, 6),
        settle_steps=2,
    ),
)


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


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpora")
    make_voices(folder / "ravdess")
    make_music(folder / "music4q")
    return folder


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def tiny() -> Recipe:
    return TINY


@pytest.fixture
def tiny_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands train with the tiny recipe."""
    monkeypatch.setattr(cli, "RECIPE", TINY)
