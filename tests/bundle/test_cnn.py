import numpy as np
import pytest

from moodstream.bundle.cnn import CnnClassifier
from moodstream.mood.softmax import log_softmax


@pytest.fixture
def inputs(bundle):
    cnn, _ = bundle.classifiers()
    rng = np.random.default_rng(8)
    window = rng.standard_normal((cnn.window_frames, cnn.n_mfcc)).astype("f")
    return window, rng.standard_normal(cnn.texture_width).astype("f")


def test_remembers_nothing(bundle, inputs):
    cnn, _ = bundle.classifiers()
    window, texture = inputs
    first = cnn.process(window, texture)
    other = cnn.process(window[::-1].copy(), -texture)
    for once, again, different in zip(first, cnn.process(window, texture), other, strict=True):
        np.testing.assert_array_equal(once, again)
        assert not np.array_equal(once, different)


def test_a_higher_temperature_is_less_sure_of_the_same_mood(bundle, inputs):
    plain, flat = (CnnClassifier(bundle.cnn_model, t).process(*inputs) for t in (1.0, 3.0))
    np.testing.assert_array_equal(plain.heard, flat.heard)
    np.testing.assert_array_equal(plain.place, flat.place)
    cold, warm = plain.moods, flat.moods
    assert cold.argmax() == warm.argmax()
    assert cold.max() > warm.max()
    # Divided by three, the logits keep a third of their distances.
    np.testing.assert_allclose(log_softmax(cold / np.float32(3)), warm, atol=1e-5)


def test_hears_both_the_frames_and_the_texture(bundle, inputs):
    cnn, _ = bundle.classifiers()
    window, texture = inputs
    plain = cnn.process(window, texture)
    for one, other in ((window * 2, texture), (window, texture * 2)):
        found = cnn.process(one, other)
        assert np.abs(np.exp(found.moods) - np.exp(plain.moods)).max() > 1e-4
        for name in ("heard", "place"):
            assert np.abs(getattr(found, name) - getattr(plain, name)).max() > 1e-4
