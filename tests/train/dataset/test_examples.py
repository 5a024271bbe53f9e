"""Examples look like what the runtime will show the models."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from moodstream.audio.chunk import Block
from moodstream.features.mfcc import Mfcc, dct_matrix
from moodstream.features.normalise import NormalisationSpec, Normaliser
from moodstream.features.texture import TextureSpec
from moodstream.mood.circumplex import MOODS, QUADRANT_OF
from moodstream.pipeline import Pipeline
from moodstream_train import corpora
from moodstream_train.corpora import Clip
from moodstream_train.dataset import examples, features
from moodstream_train.dataset.examples import Examples, Prior, clip_windows, masks_of
from moodstream_train.dataset.features import Features
from moodstream_train.recipe import Augmentation, Recipe, Variants
from moodstream_train.training.run import prior_of
from tests.train.conftest import TINY

PLAIN = Augmentation(
    variant_share=0,
    gain_share=0,
    segment_gain_db=0,
    channel_db=0,
    stretch=0,
    warp=0,
    room_share=0,
    masks_a_second=0,
    mixup=0,
)
"""Nothing changes."""
BANDS = TINY.features.n_mels


@pytest.fixture(scope="module")
def prior(all_clips: list[Clip], all_features: Sequence[Features]) -> Prior:
    return prior_of(all_features[0], range(len(all_clips)), TINY)


@pytest.fixture(scope="module")
def plain(all_clips: list[Clip], all_features: Sequence[Features], prior: Prior) -> Examples:
    everyone = range(len(all_clips))
    return Examples(all_clips, all_features[:1], everyone, prior, TINY, varied=False)


@pytest.fixture(scope="module")
def varied(all_clips: list[Clip], all_features: Sequence[Features], prior: Prior) -> Examples:
    everyone = range(len(all_clips))
    return Examples(all_clips, all_features, everyone, prior, TINY, varied=True)


@dataclass
class Listener:
    """A CNN and an RNN that only note what they are shown."""

    window_frames: int
    step_frames: int
    seen: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)

    def process(self, frames: np.ndarray, texture: np.ndarray | None = None) -> np.ndarray:
        if texture is not None:
            self.seen.append((frames.copy(), texture.copy()))
        return np.full(len(MOODS), -np.log(len(MOODS)), np.float32)


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


def test_windows_drawn_without_augmentation_are_those(
    all_clips: list[Clip], all_features: Sequence[Features], prior: Prior, plain: Examples
) -> None:
    known = [clip_windows(all_features[0], i, prior, TINY) for i in range(len(all_clips))]
    owners = np.repeat(np.arange(len(known)), [len(windows) for windows, _ in known])
    windows, textures = (np.concatenate(each) for each in zip(*known, strict=True))
    masks = masks_of(all_clips)
    rng = np.random.default_rng(0)
    drawn = set()
    for _ in range(20):
        batch = plain.windows(rng)
        assert (batch.weights == 1).all()
        for frames, texture, mask in zip(*batch.inputs, batch.masks[0], strict=True):
            nearest = int(np.abs(windows - frames).max(axis=(1, 2)).argmin())
            np.testing.assert_allclose(frames, windows[nearest], atol=1e-5)
            np.testing.assert_allclose(texture, textures[nearest], atol=1e-5)
            assert np.array_equal(mask, masks[owners[nearest]])
            drawn.add(nearest)
    corpora_drawn = {all_clips[owners[nearest]].corpus for nearest in drawn}
    assert corpora_drawn >= {"speech", "song", "cremad", "music"}
    assert len(drawn) > 60
    of_longer = [k for k in drawn if len(known[owners[k]][0]) == 2]
    first = [owners[k] != owners[k - 1] for k in of_longer]
    assert 0.3 < np.mean(first) < 0.7


def test_a_voice_has_one_right_mood_music_those_of_its_quadrant_and_noise_none(
    all_clips: list[Clip],
) -> None:
    for clip, mask in zip(all_clips, masks_of(all_clips), strict=True):
        right = [mood for mood, value in zip(MOODS, mask, strict=True) if value]
        if clip.corpus == "music":
            assert right == [mood for mood in MOODS if QUADRANT_OF[mood] == clip.label]
        else:
            assert right == ([] if clip.corpus == "noise" else [clip.label])


def test_corpora_are_drawn_by_their_shares_and_labels_evenly(
    all_clips: list[Clip], all_features: Sequence[Features], prior: Prior
) -> None:
    many = replace(TINY, cnn=replace(TINY.cnn, schedule=replace(TINY.cnn.schedule, batch=4000)))
    everyone = range(len(all_clips))
    drawer = Examples(all_clips, all_features[:1], everyone, prior, many, varied=False)
    masks = drawer.windows(np.random.default_rng(0)).masks[0]
    shares = {name: share / 1.04 for name, share in asdict(TINY.shares).items()}
    right = masks.sum(axis=1)
    assert (right == 0).mean() == pytest.approx(shares["noise"], abs=0.02)
    # The third quadrant is sad alone, so a quarter of the music looks like a voice.
    assert (right > 1).mean() == pytest.approx(0.75 * shares["music"], abs=0.03)
    sad = masks[:, MOODS.index("sad")].mean()
    of_voices = shares["speech"] / 8 + (shares["song"] + shares["cremad"]) / 6
    assert sad == pytest.approx(of_voices + shares["music"] / 4, abs=0.03)


def test_augmented_windows_are_finite_and_mixup_shares_sum_to_one(varied: Examples) -> None:
    rng = np.random.default_rng(0)
    for _ in range(10):
        batch = varied.windows(rng)
        frames, texture = batch.inputs
        assert frames.shape == (8, 64, 40)
        assert texture.shape == (8, len(varied._prior.texture_mean))
        assert frames.dtype == texture.dtype == np.float32
        assert batch.masks.shape == (2, 8, 8)
        assert np.allclose(batch.weights.sum(axis=0), 1)
        assert np.isfinite(frames).all()
        assert np.isfinite(texture).all()


def test_a_sequence_asks_for_nothing_just_after_its_start_and_after_a_change(
    varied: Examples,
) -> None:
    rng = np.random.default_rng(0)
    settle = 4  # steps: half a second
    changes = 0
    for _ in range(10):
        batch = varied.sequences(rng)
        (frames,) = batch.inputs
        assert frames.shape == (4, 16, 320)
        assert np.isfinite(frames).all()
        assert set(batch.weights.ravel().tolist()) == {0, 1}
        for mask, weight in zip(batch.masks[0], batch.weights[0], strict=True):
            moved = 1 + np.flatnonzero((mask[1:] != mask[:-1]).any(axis=1))
            changes += len(moved)
            assert len(moved) <= 1
            for begin in (0, *moved):
                assert not weight[begin : begin + settle].any()
    assert changes


def test_the_same_seed_draws_the_same_batch(varied: Examples, plain: Examples) -> None:
    for draw in (varied.windows, varied.sequences, plain.windows, plain.sequences):
        one, other = draw(np.random.default_rng(3)), draw(np.random.default_rng(3))
        for a, b in zip((*one.inputs, *one[1:]), (*other.inputs, *other[1:]), strict=True):
            assert np.array_equal(a, b)


def test_a_corpus_that_is_not_on_this_side_is_not_drawn(
    all_clips: list[Clip], all_features: Sequence[Features], prior: Prior
) -> None:
    music = [i for i, clip in enumerate(all_clips) if clip.corpus == "music"]
    alone = Examples(all_clips, all_features, music, prior, TINY, varied=True)
    masks = alone.windows(np.random.default_rng(0)).masks[0]
    right = {tuple(np.flatnonzero(mask)) for mask in masks}
    assert right <= {all_clips[i].moods for i in music}


def steady(vector: np.ndarray) -> tuple[list[Clip], Features, Prior, Recipe]:
    """A clip whose frames are all the same, and a prior that leaves them as they are."""
    recipe = replace(
        TINY,
        features=replace(TINY.features, n_mfcc=BANDS),  # so that the bands can be had back
        texture=replace(TINY.texture, lags=(1,)),
        variants=Variants(count=0),
    )
    frames = np.tile(vector, (160, 1)).astype(np.float32)
    textures = np.zeros((5, 3 * BANDS + 2), np.float32)
    textures[:, :BANDS] = vector
    textures[:, -2:] = 0.3  # of the chroma part
    made = Features(
        frames, np.array([0, 160]), textures, np.full(5, -20, np.float32), np.array([0, 5])
    )
    zeros, ones = np.zeros(BANDS, np.float32), np.ones(BANDS, np.float32)
    width = textures.shape[1]
    prior = Prior(zeros, ones, np.zeros(width, np.float32), np.ones(width, np.float32))
    return [Clip(Path("x.wav"), "speech", "actor 01", (3,), "sad")], made, prior, recipe


def drawn_of_steady(vector: np.ndarray, augmentation: Augmentation) -> tuple[np.ndarray, ...]:
    """Windows, textures and sequences of it."""
    clips, made, prior, recipe = steady(vector)
    recipe = replace(recipe, augmentation=augmentation)
    drawer = Examples(clips, [made], [0], prior, recipe, varied=True)
    rng = np.random.default_rng(0)
    (sequences,) = drawer.sequences(rng).inputs
    return *drawer.windows(rng).inputs, sequences.reshape(len(sequences), -1, BANDS)


def test_augmentation_of_nothing_changes_nothing() -> None:
    vector = np.random.default_rng(1).standard_normal(BANDS)
    frames, textures, sequences = drawn_of_steady(vector, PLAIN)
    for each in (frames, textures[:, :BANDS], sequences):
        np.testing.assert_allclose(each, np.broadcast_to(vector, each.shape), atol=1e-5)


def test_a_gain_is_what_it_would_be_of_the_audio() -> None:
    wave = np.random.default_rng(0).standard_normal(8000).astype(np.float32) * 0.1
    spec = replace(TINY.features, n_mfcc=BANDS)
    quiet, loud = (Mfcc(spec).process(gain * wave)[5] for gain in (1, 10 ** (6 / 20)))
    louder = replace(PLAIN, gain_share=1, gain_db=(6.0, 6.0))
    for each in drawn_of_steady(quiet, louder):
        own = each[..., :BANDS]
        np.testing.assert_allclose(own, np.broadcast_to(loud, own.shape), atol=2e-3)


def test_a_mask_is_the_mean_in_frames_and_leaves_the_texture() -> None:
    vector = np.ones(BANDS)
    frames, textures, sequences = drawn_of_steady(
        vector, replace(PLAIN, masks_a_second=2, mask_s=0.3)
    )
    for each in (frames, sequences):
        assert set(np.unique(each.round(4)).tolist()) == {0, 1}
        hidden = (each == 0).all(axis=2)
        assert ((each == 0).any(axis=2) == hidden).all()
        seconds = hidden.sum(axis=1) * 250 / 16000
        count = round(2 * each.shape[1] * 250 / 16000)
        assert 0 < seconds.max() <= 0.3 * count
    np.testing.assert_allclose(textures[:, :BANDS], 1, atol=1e-5)


def test_a_room_that_is_partly_learned_is_normalised_as_the_runtime_does() -> None:
    clips, made, prior, recipe = steady(np.zeros(BANDS))
    rng = np.random.default_rng(2)
    made.frames[:] = 3 + 2 * rng.standard_normal(made.frames.shape)
    recipe = replace(
        recipe,
        augmentation=replace(PLAIN, room_share=1),
        silence=replace(recipe.silence, stationary=0),
    )
    drawer = Examples(clips, [made], [0], prior, recipe, varied=True)
    trust = 0.25
    prior_frames = round(len(made.frames) * (1 - trust) / trust)
    spec = NormalisationSpec((0.0,) * BANDS, (1.0,) * BANDS, prior_frames, 10**6)
    room = Normaliser(spec)
    room.process(made.frames, audible=True)
    stub = SimpleNamespace(random=lambda: trust)
    mean, std = drawer._room(0, np.zeros(BANDS, np.float32), stub)
    expected = room.process(made.frames, audible=False)
    np.testing.assert_allclose((made.frames - mean) / std, expected, atol=1e-4)


def test_the_middle_warp_changes_nothing() -> None:
    warps = examples._warps(0.1, BANDS, 40)
    assert warps.shape == (examples.WARPS, 40, 40)
    np.testing.assert_allclose(warps[examples.WARPS // 2], np.eye(40), atol=1e-5)
    np.testing.assert_allclose(examples._warps(0, BANDS, 40), np.eye(40)[None], atol=1e-5)


@pytest.mark.parametrize("k", [0, examples.WARPS - 1])
def test_a_warp_moves_the_band_of_a_tone(k: int) -> None:
    """As a longer or shorter vocal tract would; in bands of the mel scale."""
    factor = np.linspace(0.9, 1.1, examples.WARPS)[k]
    dct = dct_matrix(BANDS, BANDS)
    bands = np.arange(BANDS)
    tone = np.exp(-0.5 * ((bands - 40) / 3) ** 2).astype(np.float32)
    moved = dct.T @ (dct @ tone @ examples._warps(0.1, BANDS, BANDS)[k])
    assert abs(moved.argmax() - 40 / factor) <= 0.5
    assert moved.max() == pytest.approx(1, abs=0.05)
    np.testing.assert_allclose(moved, np.interp(bands * factor, bands, tone), atol=1e-4)


def test_the_prior_standardises_what_it_was_made_of(
    all_clips: list[Clip], all_features: Sequence[Features], prior: Prior
) -> None:
    source = all_features[0]
    scaled = features.normalised(source.textures, prior.mean, prior.std, len(TINY.texture.lags))
    standard = (scaled - prior.texture_mean) / prior.texture_std
    assert np.allclose(standard.mean(axis=0), 0, atol=1e-2)
    assert (standard.std(axis=0) < 1.01).all()
    assert (prior.texture_std > 0).all()
