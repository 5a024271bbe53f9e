from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.features.chroma import ChromaSpec
from moodstream.features.mfcc import FeatureSpec
from moodstream.features.texture import Texture, TextureSpec, width
from tests.support.hearing import describe

FEATURES = FeatureSpec(16000, 512, 250, 64, 40, 20, 8000)
CHROMA = ChromaSpec(4096, 2000, 80, 2100)
LAGS = (1, 4, 16, 64)
WIDTH = 260
PLAIN = TextureSpec(512, LAGS, (0.0,) * WIDTH, (1.0,) * WIDTH)


def audio(steps, seed=0):
    """What so many steps of 2000 samples might give: MFCC and chroma frames."""
    rng = np.random.default_rng(seed)
    frames = np.cumsum(rng.standard_normal((8 * steps, 40)), axis=0) * 0.1 + 3
    chroma = rng.random((steps, 12)) ** 3
    chroma /= chroma.sum(axis=1, keepdims=True)
    return frames.astype("f"), chroma.astype("f")


def oracle(frames, chroma):
    """By the definitions, in double precision."""
    frames, chroma = frames.astype("d"), chroma.astype("d")
    turns = np.exp(-2j * np.pi * np.outer(np.arange(12), np.arange(1, 7)) / 12)
    intervals = np.abs(chroma @ turns)
    flux = [np.abs(b - a).sum() for a, b in pairwise(chroma)] or [0.0]
    changes = [
        [np.sqrt(np.mean((c[lag:] - c[:-lag]) ** 2)) if len(c) > lag else 0.0 for c in frames.T]
        for lag in LAGS
    ]
    return np.concatenate(
        [
            *(frames.mean(axis=0), frames.std(axis=0)),
            *changes,
            *(intervals.mean(axis=0), intervals.std(axis=0)),
            np.abs(chroma.mean(axis=0) @ turns),
            [np.mean(flux), np.std(flux)],
        ]
    )


@pytest.mark.parametrize("steps", [1, 2, 8, 9, 64])
def test_equals_the_definitions(steps):
    frames, chroma = audio(steps)
    found = describe(frames, chroma, LAGS)
    assert found.dtype == np.float32
    assert found.shape == (WIDTH,) == (width(40, LAGS),)
    np.testing.assert_allclose(found, oracle(frames, chroma), atol=1e-3)


def test_equals_the_definitions_of_frames_that_are_not_normalised():
    frames, chroma = audio(64)
    frames = frames * 20 - 500
    np.testing.assert_allclose(describe(frames, chroma, LAGS), oracle(frames, chroma), atol=1e-3)


def test_a_transposition_changes_nothing():
    frames, chroma = audio(20)
    higher = np.concatenate((np.roll(chroma[:, :12], 5, axis=1), chroma[:, 12:]), axis=1)
    found, expected = describe(frames, higher, LAGS), describe(frames, chroma, LAGS)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_nothing_cannot_be_described():
    with pytest.raises(ValueError, match="no frame"):
        Texture(PLAIN, FEATURES, CHROMA).view()


@given(hops=st.lists(st.integers(1, 12) | st.just(80), min_size=1, max_size=30))
def test_reaches_back_as_far_as_the_window_whatever_the_hops(hops):
    frames, chroma = audio(sum(hops))
    texture = Texture(PLAIN, FEATURES, CHROMA)
    end = 0
    for hop in hops:
        texture.push(frames[8 * end : 8 * (end + hop)], chroma[end : end + hop])
        end += hop
        expected = oracle(frames[: 8 * end][-512:], chroma[:end][-64:])
        np.testing.assert_allclose(texture.view(), expected, atol=1e-4)


def test_a_long_stream_far_from_zero_is_described_as_its_end_alone():
    frames, chroma = audio(400)
    frames = frames * 20 - 500
    texture = Texture(PLAIN, FEATURES, CHROMA)
    for end in range(4, 401, 4):
        texture.push(frames[8 * end - 32 : 8 * end], chroma[end - 4 : end])
    np.testing.assert_allclose(texture.view(), oracle(frames[-512:], chroma[-64:]), atol=1e-3)


def test_what_never_changes_deviates_by_nothing():
    frames, chroma = np.full((512, 40), -431.7, "f"), np.full((64, 12), 1 / 12, "f")
    found = describe(frames, chroma, LAGS)
    np.testing.assert_allclose(found[:40], -431.7, atol=1e-3)
    np.testing.assert_allclose(found[40:], 0, atol=1e-4)


def test_is_standardised_and_begins_again():
    frames, chroma = audio(30)
    rng = np.random.default_rng(1)
    mean, std = rng.standard_normal(WIDTH), rng.random(WIDTH) + 0.5
    spec = TextureSpec(512, LAGS, tuple(mean.tolist()), tuple(std.tolist()))
    texture = Texture(spec, FEATURES, CHROMA)
    texture.push(*audio(64, seed=5))
    texture.reset()
    with pytest.raises(ValueError, match="no frame"):
        texture.view()
    texture.push(frames, chroma)
    found = texture.view()
    assert found.dtype == np.float32
    fresh = Texture(spec, FEATURES, CHROMA)
    fresh.push(frames, chroma)
    np.testing.assert_array_equal(found, fresh.view())
    np.testing.assert_allclose(found, (oracle(frames, chroma) - mean) / std, atol=1e-3)


def test_what_contradicts_itself_is_told():
    assert PLAIN.problems() == []
    assert "mean has 1 values, std has 2" in TextureSpec(9, (1,), (0.0,), (1.0, 1.0)).problems()
    assert "a lag of 9 does not fit in length 9" in TextureSpec(9, (1, 9), (), ()).problems()
