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
    assert not np.array_equal(other, first)
    np.testing.assert_array_equal(cnn.process(window, texture), first)


def test_a_higher_temperature_is_less_sure_of_the_same_mood(bundle, inputs):
    cold, warm = (CnnClassifier(bundle.cnn_model, t).process(*inputs) for t in (1.0, 3.0))
    assert cold.argmax() == warm.argmax()
    assert cold.max() > warm.max()
    # Divided by three, the logits keep a third of their distances.
    np.testing.assert_allclose(log_softmax(cold / np.float32(3)), warm, atol=1e-5)


def test_hears_both_the_frames_and_the_texture(bundle, inputs):
    cnn, _ = bundle.classifiers()
    window, texture = inputs
    plain = cnn.process(window, texture)
    for one, other in ((window * 2, texture), (window, texture * 2)):
        assert np.abs(np.exp(cnn.process(one, other)) - np.exp(plain)).max() > 1e-4
