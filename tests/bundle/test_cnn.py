import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moodstream.bundle.cnn import CnnClassifier
from moodstream.features.window import Window
from moodstream.mood.softmax import log_softmax

CLOSE = 0.03
"""Rounding to 8 bits depends on the frames that one call of the model takes."""


@pytest.fixture
def inputs(bundle):
    cnn, _ = bundle.classifiers()
    rng = np.random.default_rng(8)
    frames = rng.standard_normal((cnn.window_frames, cnn.n_mfcc)).astype("f")
    return frames, rng.standard_normal(cnn.texture_width).astype("f")


def window_of(frames):
    window = Window(*frames.shape)
    window.push(frames)
    return window


def test_knows_nothing_of_another_stream_after_a_reset(bundle, inputs):
    cnn, _ = bundle.classifiers()
    frames, texture = inputs
    first = cnn.process(window_of(frames), texture)
    cnn.reset()
    other = cnn.process(window_of(frames[::-1].copy()), -texture)
    cnn.reset()
    again = cnn.process(window_of(frames), texture)
    for once, twice, different in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(once, twice)
        assert not np.array_equal(once, different)


@settings(max_examples=15)
@given(
    hops=st.lists(st.integers(1, 40), min_size=1, max_size=12),
    judged=st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_each_window_of_a_stream_gives_what_it_gives_alone(bundle, hops, judged):
    """Whatever the hops, and whether some of them were passed over as silent."""
    following, _ = bundle.classifiers()
    alone, _ = bundle.classifiers()
    rng = np.random.default_rng(9)
    window = Window(following.window_frames, following.n_mfcc)
    for rows, wanted in zip(hops, judged, strict=False):
        window.push(rng.standard_normal((rows * following.row_frames, 40)).astype("f"))
        if not wanted:
            continue
        texture = rng.standard_normal(following.texture_width).astype("f")
        alone.reset()
        whole = alone.process(window_of(window.view()), texture)
        for found, expected in zip(following.process(window, texture), whole, strict=True):
            scale = max(1, np.abs(expected).max())
            np.testing.assert_allclose(found, expected, atol=CLOSE * scale)


def test_hears_every_frame_of_the_window(bundle, inputs):
    frames, texture = inputs
    cnn, _ = bundle.classifiers()
    plain = cnn.process(window_of(frames), texture)
    for begin in range(0, len(frames), 16):
        changed = frames.copy()
        changed[begin : begin + 16] *= 5
        cnn.reset()
        found = cnn.process(window_of(changed), texture)
        assert np.abs(found.moods - plain.moods).max() > 1e-3


def test_a_higher_temperature_is_less_sure_of_the_same_mood(bundle, inputs):
    frames, texture = inputs
    plain, flat = (
        CnnClassifier(bundle.cnn_model, t, len(frames)).process(window_of(frames), texture)
        for t in (1.0, 3.0)
    )
    np.testing.assert_array_equal(plain.heard, flat.heard)
    np.testing.assert_array_equal(plain.place, flat.place)
    cold, warm = plain.moods, flat.moods
    assert cold.argmax() == warm.argmax()
    assert cold.max() > warm.max()
    # Divided by three, the logits keep a third of their distances.
    np.testing.assert_allclose(log_softmax(cold / np.float32(3)), warm, atol=1e-5)


def test_hears_both_the_frames_and_the_texture(bundle, inputs):
    cnn, _ = bundle.classifiers()
    frames, texture = inputs
    plain = cnn.process(window_of(frames), texture)
    for one, other in ((frames * 2, texture), (frames, texture * 2)):
        cnn.reset()
        found = cnn.process(window_of(one), other)
        assert np.abs(np.exp(found.moods) - np.exp(plain.moods)).max() > 1e-4
        for name in ("heard", "place"):
            assert np.abs(getattr(found, name) - getattr(plain, name)).max() > 1e-4
