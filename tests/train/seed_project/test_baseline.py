"""The baseline from the songs to the table, on moods that are easy to tell apart."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moodstream.mood.circumplex import MOODS, QUADRANT_OF, QUADRANTS
from moodstream_train.corpora import Clip, CorpusError
from moodstream_train.seed_project import baseline, music

SONGS_OF_A_MOOD = 16
MUSIC_OF_A_QUADRANT = 6
CNN_EPOCHS, RNN_EPOCHS = 8, 2
FILES = {
    "seed-project.json",
    *(
        f"{model}-{what}.png"
        for model in ("cnn", "rnn")
        for what in ("curves", "confusion", "music")
    ),
}


def make() -> tuple[list[Clip], list[np.ndarray]]:
    """Clips of 6 to 12 frames of noise, louder in some coefficients for each mood."""
    rng = np.random.default_rng(0)
    clips = [
        Clip(Path(f"song-{mood}-{i}.wav"), "song", f"actor {i:02}", (mood,), MOODS[mood])
        for mood in range(6)
        for i in range(SONGS_OF_A_MOOD)
    ] + [
        Clip(Path(f"music-{quadrant}-{i}.wav"), "music", f"artist {i}", (), quadrant)
        for quadrant in QUADRANTS
        for i in range(MUSIC_OF_A_QUADRANT)
    ]
    heard = {"Q1": 2, "Q2": 4, "Q3": 3, "Q4": 1}
    sequences = []
    for clip in clips:
        mood = clip.moods[0] if clip.corpus == "song" else heard[clip.label]
        frames = rng.standard_normal((rng.integers(6, 13), 40)).astype(np.float32)
        frames[:, 6 * mood : 6 * mood + 6] += 20
        sequences.append(frames)
    speech = Clip(Path("speech.wav"), "speech", "actor 01", (7,), MOODS[7])
    return [speech, *clips], [np.zeros((3, 40), np.float32), *sequences]


def run(folder: Path, lines: list[str]) -> dict[str, Any]:
    return baseline.run(*make(), folder, 3, lines.append, CNN_EPOCHS, RNN_EPOCHS)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], list[str]]:
    folder = tmp_path_factory.mktemp("seed") / "project"
    lines: list[str] = []
    return folder, run(folder, lines), lines


def test_results_and_pictures_are_written(made: tuple[Path, dict[str, Any], list[str]]) -> None:
    folder, results, _ = made
    assert {path.name for path in folder.iterdir()} == FILES
    assert json.loads((folder / "seed-project.json").read_text()) == results


@pytest.mark.parametrize(("name", "epochs", "test_n"), [("S1", 8, 20), ("S2", 2, 24)])
def test_the_figures_agree_with_one_another(
    made: tuple[Path, dict[str, Any], list[str]], name: str, epochs: int, test_n: int
) -> None:
    figures = made[1][name]
    counts = np.array(figures["confusion"])
    assert figures["leaky"] is True
    assert (figures["train_clips"], figures["test_clips"]) == (96 - test_n, test_n)
    assert (counts.shape, counts.sum()) == ((6, 6), test_n)
    assert counts.sum(axis=1).max() - counts.sum(axis=1).min() <= 1
    assert figures["accuracy"] == pytest.approx(100 * np.trace(counts) / test_n, abs=0.01)
    assert {name: len(values) for name, values in figures["history"].items()} == dict.fromkeys(
        ("loss", "accuracy", "test_loss", "test_accuracy"), epochs
    )
    assert figures["accuracy"] == pytest.approx(
        100 * figures["history"]["test_accuracy"][-1], abs=0.01
    )
    assert figures["loss"] == pytest.approx(figures["history"]["test_loss"][-1], abs=1e-3)


def test_the_cnn_learns_and_is_asked_about_music(
    made: tuple[Path, dict[str, Any], list[str]],
) -> None:
    _, results, _ = made
    assert results["S1"]["accuracy"] > 60
    asked = results["M2"]["cnn"]
    assert asked["clips"] == np.sum(asked["confusion"]) == 4 * MUSIC_OF_A_QUADRANT
    assert asked["accuracy"] > 60
    assert sum(asked["moods"].values()) == asked["clips"]


def test_the_table_holds_songs_of_each_quadrant(
    made: tuple[Path, dict[str, Any], list[str]],
) -> None:
    songs = made[1]["songs"]
    assert [song["true"] for song in songs] == sorted(list(QUADRANTS) * 5)
    assert len({song["song"] for song in songs}) == 20
    head, *rows = music.table(songs).splitlines()
    assert head.split() == ["song", "true", "CNN", "RNN"]
    for song, row in zip(songs, rows, strict=True):
        right = sum(QUADRANT_OF[song[model]] == song["true"] for model in ("cnn", "rnn"))
        assert row.startswith(song["song"])
        assert row.count("*") == right


def test_progress_says_what_is_left(made: tuple[Path, dict[str, Any], list[str]]) -> None:
    lines = made[2]
    assert lines[0].startswith("seed project cnn: epoch 1/8  loss ")
    assert lines[0].endswith(" min left")
    assert lines[CNN_EPOCHS - 1].startswith("seed project cnn: epoch 8/8")
    assert lines[CNN_EPOCHS + RNN_EPOCHS - 1].startswith("seed project rnn: epoch 2/2")


def test_the_same_seed_gives_the_same_figures(
    made: tuple[Path, dict[str, Any], list[str]], tmp_path: Path
) -> None:
    one, again = made[1], run(tmp_path, [])
    for name in ("S1", "S2"):
        for values, expected in zip(
            again[name]["history"].values(), one[name]["history"].values(), strict=True
        ):
            assert values == pytest.approx(expected, abs=1e-3)
    assert again["songs"] == one["songs"]


@pytest.mark.parametrize("corpus", ["song", "music"])
def test_a_corpus_that_is_missing_is_named(corpus: str, tmp_path: Path) -> None:
    clips, sequences = make()
    left = [i for i, clip in enumerate(clips) if clip.corpus != corpus]
    with pytest.raises(CorpusError, match=f"none of them {corpus}"):
        baseline.run(
            [clips[i] for i in left], [sequences[i] for i in left], tmp_path, 1, print, 1, 1
        )
