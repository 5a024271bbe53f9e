"""Inputs of the models are those that the runtime computes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np
import pytest

from moodstream.audio.chunk import Block
from moodstream.bundle.output import Output
from moodstream.features.mfcc import dct_matrix
from moodstream.features.normalise import NormalisationSpec
from moodstream.features.texture import TextureSpec
from moodstream.features.window import Window
from moodstream.mood.circumplex import MOODS, QUADRANT_OF
from moodstream.pipeline import Pipeline
from moodstream_train import corpora
from moodstream_train.corpora import Clip
from moodstream_train.dataset import inputs
from moodstream_train.dataset.features import Features
from moodstream_train.dataset.inputs import Prior, clip_windows, masks_of
from moodstream_train.recipe import Recipe
from moodstream_train.training.train import prior_of
from tests.train.conftest import TINY

BANDS = TINY.features.n_mels


@pytest.fixture(scope="module")
def prior(all_clips: list[Clip], all_features: Sequence[Features]) -> Prior:
    return prior_of(all_features[0], all_clips, range(len(all_clips)), TINY)


@dataclass
class Listener:
    """A CNN and an RNN that only note what they are shown."""

    window_frames: int
    step_frames: int
    seen: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)

    def process(self, heard: Window | np.ndarray, texture: np.ndarray | None = None) -> Output:
        if isinstance(heard, Window) and texture is not None:
            self.seen.append((heard.view().copy(), texture.copy()))
        even = np.full(len(MOODS), -np.log(len(MOODS)), np.float32)
        return Output(even, np.full(2, 9, np.float32), np.zeros(2, np.float32))


def runtime_inputs(clip: Clip, prior: Prior, recipe: Recipe) -> list[tuple[np.ndarray, ...]]:
    """What the runtime's pipeline shows the CNN at the hops that count for a recording."""
    listener = Listener(recipe.cnn.window_frames, recipe.rnn.step_frames)
    never = 10**12  # the room is not learned: training has the prior
    card = SimpleNamespace(
        features=recipe.features,
        chroma=recipe.chroma,
        normalisation=NormalisationSpec(
            tuple(prior.mean.tolist()), tuple(prior.std.tolist()), never, never
        ),
        texture=TextureSpec(
            recipe.texture.length,
            recipe.texture.lags,
            tuple(prior.texture_mean.tolist()),
            tuple(prior.texture_std.tolist()),
        ),
        hearing=recipe.hearing,
        cnn=SimpleNamespace(weight=0.5),
        rnn=SimpleNamespace(weight=0.5),
    )
    bundle = SimpleNamespace(card=card, classifiers=lambda: (listener, listener))
    # Tones are as stationary as a hum; here they shall be judged.
    silence = replace(recipe.silence, stationary=0.0)
    pipeline = Pipeline(bundle, 0.5, silence, recipe.smoothing)
    rate = recipe.features.sample_rate
    samples = corpora.read(clip, rate)
    steps = [*pipeline.process(Block(samples, rate)), *pipeline.finish()]
    assert len(steps) == len(listener.seen)
    judged = [
        seen
        for seen, step in zip(listener.seen, steps, strict=True)
        if step.state.status != "warming_up"
    ]
    return judged or listener.seen[-1:]


def test_the_windows_of_a_clip_are_those_that_the_runtime_judges(
    all_clips: list[Clip], all_features: Sequence[Features], prior: Prior
) -> None:
    counts = set()
    for i in range(0, len(all_clips), 7):
        windows, textures = clip_windows(all_features[0], i, prior, TINY)
        expected = runtime_inputs(all_clips[i], prior, TINY)
        assert len(windows) == len(expected)
        for found, wanted in zip(zip(windows, textures, strict=True), expected, strict=True):
            np.testing.assert_allclose(found[0], wanted[0], atol=1e-3)
            np.testing.assert_allclose(found[1], wanted[1], atol=1e-2)
        counts.add(len(windows))
    assert counts == {1, 2}


def test_a_voice_has_one_right_mood_music_those_of_its_quadrant_and_noise_none(
    all_clips: list[Clip],
) -> None:
    for clip, mask in zip(all_clips, masks_of(all_clips), strict=True):
        right = [mood for mood, value in zip(MOODS, mask, strict=True) if value]
        if clip.corpus == "music":
            assert right == [mood for mood in MOODS if QUADRANT_OF[mood] == clip.label]
        else:
            moodless = clip.corpus in ("noise", "sounds")
            assert right == ([] if moodless else [clip.label])


def test_the_middle_warp_changes_nothing() -> None:
    warps = inputs.warps(0.1, BANDS, 40)
    assert warps.shape == (inputs.WARPS, 40, 40)
    np.testing.assert_allclose(warps[inputs.WARPS // 2], np.eye(40), atol=1e-5)
    np.testing.assert_allclose(inputs.warps(0, BANDS, 40), np.eye(40)[None], atol=1e-5)


@pytest.mark.parametrize("k", [0, inputs.WARPS - 1])
def test_a_warp_moves_the_band_of_a_tone(k: int) -> None:
    """As a longer or shorter vocal tract would; in bands of the mel scale."""
    factor = np.linspace(0.9, 1.1, inputs.WARPS)[k]
    dct = dct_matrix(BANDS, BANDS)
    bands = np.arange(BANDS)
    tone = np.exp(-0.5 * ((bands - 40) / 3) ** 2).astype(np.float32)
    moved = dct.T @ (dct @ tone @ inputs.warps(0.1, BANDS, BANDS)[k])
    assert abs(moved.argmax() - 40 / factor) <= 0.5
    assert moved.max() == pytest.approx(1, abs=0.05)
    np.testing.assert_allclose(moved, np.interp(bands * factor, bands, tone), atol=1e-4)
