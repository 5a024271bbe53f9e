"""Temperatures and the weight between the models are found again on made-up logits."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moodstream.mood.circumplex import MOODS
from moodstream_train.corpora import Clip, Corpus
from moodstream_train.dataset.features import Features
from moodstream_train.dataset.inputs import Prior
from moodstream_train.training import calibrate
from moodstream_train.training.calibrate import Calibration
from tests.train.conftest import TINY

RECIPE = replace(TINY, features=replace(TINY.features, n_mfcc=8))
WIDTH = 4 * 8
HOP = RECIPE.hop_frames


class Reader:
    """A model that reads its logits off its input: each frame holds the true ones.

    Args:
        temperature: by which it is too sure.
        noise: deviation of what it adds of its own.
    """

    def __init__(self, temperature: float, noise: float = 0.0) -> None:
        self._temperature, self._noise = temperature, noise

    def predict(self, inputs: Any, _batch: int, **_: int) -> dict[str, np.ndarray]:
        frames = inputs[0][:, -1] if isinstance(inputs, list) else inputs[..., :8]
        noise = self._noise * np.random.default_rng(7).standard_normal(frames.shape)
        return {"logits": self._temperature * frames + noise}


def made_up(
    count: int, corpus: Corpus = "speech", seed: int = 0, sure: float = 1.0
) -> tuple[list[Clip], Features]:
    """Clips of one to three hops whose moods are drawn from the probabilities in their frames."""
    rng = np.random.default_rng(seed)
    logits = 2 * rng.standard_normal((count, len(MOODS)))
    likely = np.exp(logits / sure)
    moods = [int(rng.choice(8, p=own / own.sum())) for own in likely]
    hops = rng.integers(1, 4, size=count)
    clips = [
        Clip(Path(f"{corpus}{i}.wav"), corpus, f"{i}", (mood,), MOODS[mood])
        for i, mood in enumerate(moods)
    ]
    return clips, Features(
        frames=np.repeat(logits, HOP * hops, axis=0).astype(np.float32),
        starts=np.concatenate(([0], np.cumsum(HOP * hops))),
        textures=np.zeros((hops.sum(), WIDTH), np.float32),
        levels=np.full(hops.sum(), -20, np.float32),
        heard=np.ones((count, 2), np.float32),
        hop_starts=np.concatenate(([0], np.cumsum(hops))),
    )


def found(clips: list[Clip], features: Features, indices: Any, *models: Reader) -> Calibration:
    zeros, ones = np.zeros(8, np.float32), np.ones(8, np.float32)
    prior = Prior(zeros, ones, np.zeros(WIDTH, np.float32), np.ones(WIDTH, np.float32))
    return calibrate.calibrate(*models, clips, features, indices, prior, RECIPE)


def test_known_temperatures_are_found() -> None:
    clips, features = made_up(1500)
    made = found(clips, features, range(1500), Reader(2.5), Reader(0.6))
    assert made.cnn_temperature == pytest.approx(2.5, rel=0.1)
    assert made.rnn_temperature == pytest.approx(0.6, rel=0.1)


def test_the_model_that_knows_more_weighs_more() -> None:
    clips, features = made_up(600)
    sure, unsure = Reader(1.0, noise=0.3), Reader(1.0, noise=4)
    assert found(clips, features, range(600), sure, unsure).cnn_weight > 0.6
    assert found(clips, features, range(600), unsure, sure).cnn_weight < 0.4


def test_each_corpus_counts_the_same_however_many_clips_it_has() -> None:
    few, many = made_up(200, "speech", 1, sure=0.5), made_up(200, "music", 2, sure=2.0)
    clips = few[0] + many[0]
    features = _joined(few[1], many[1])
    once = found(clips, features, range(400), Reader(1.0), Reader(1.0))
    four_times = [*range(200), *np.repeat(np.arange(200, 400), 4)]
    again = found(clips, features, four_times, Reader(1.0), Reader(1.0))
    assert again == once


def test_without_held_out_groups_nothing_is_changed() -> None:
    clips, features = made_up(5)
    assert found(clips, features, (), Reader(2.0), Reader(2.0)) == Calibration()


def test_the_mean_of_folds_is_geometric_in_the_temperatures() -> None:
    one, other = Calibration(1.0, 0.5, 0.3), Calibration(4.0, 2.0, 0.5)
    assert calibrate.mean([one, other]) == Calibration(2.0, 1.0, 0.4)
    assert calibrate.mean([]) == Calibration()


def _joined(one: Features, other: Features) -> Features:
    def after(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.concatenate((a[:-1], a[-1] + b))

    return Features(
        frames=np.concatenate((one.frames, other.frames)),
        starts=after(one.starts, other.starts),
        textures=np.concatenate((one.textures, other.textures)),
        levels=np.concatenate((one.levels, other.levels)),
        heard=np.concatenate((one.heard, other.heard)),
        hop_starts=after(one.hop_starts, other.hop_starts),
    )
