"""Drops against clean, by hand and through the runtime."""

from pathlib import Path

import numpy as np
import pytest

from moodstream.bundle import disk
from moodstream_train.errors import TrainingError
from moodstream_train.measure import sample
from moodstream_train.measure.robustness import drops
from tests.train.measuring import clip, verdict


def muted(samples: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    return np.zeros_like(samples)


def untouched(samples: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    return samples


def test_a_drop_is_of_recall_for_voices_and_of_accuracy_for_music() -> None:
    clean = [verdict("sad", "sad"), verdict("calm", "calm"), *[verdict("Q3", "sad")] * 4]
    noisy = [verdict("sad", "sad"), verdict("calm", "sad"), *[verdict("Q3", "sad")] * 3]
    found = drops.compare("noise", [*noisy, verdict("Q3", "calm")], clean)
    assert {(one.corpus, one.drop) for one in found} == {("speech", 50), ("music", 25)}


def test_what_changes_nothing_costs_nothing_and_silence_everything(tmp_path: Path) -> None:
    clips = [clip(tmp_path, mood, mood) for mood in ("happy", "sad", "angry")]
    said: list[str] = []
    found = drops.drops(
        disk.shipped(), clips, {"untouched": untouched, "muted": muted}, say=said.append
    )
    clean, same, silent = found
    assert (clean.condition, clean.drop, same.drop) == ("clean", 0, 0)
    assert same.figures == clean.figures
    assert silent.figures.silent == 3
    assert silent.drop == pytest.approx(clean.figures.uar, abs=0.01)
    assert [line.split(":")[0] for line in said] == ["untouched", "muted"]


def test_a_share_has_as_much_of_each_label_and_repeats_by_seed(tmp_path: Path) -> None:
    clips = [clip(tmp_path, f"{label} {i}", label, 0.1) for label in ("sad", "Q3") for i in "1234"]
    chosen = sample.stratified(clips, 0.5, seed=3)
    assert [one.label for one in chosen] == ["sad", "sad", "Q3", "Q3"]
    assert chosen == sample.stratified(clips, 0.5, seed=3)
    assert sample.stratified(clips, 1) == clips
    with pytest.raises(TrainingError, match="share is 0; it must be above 0"):
        sample.stratified(clips, 0)
