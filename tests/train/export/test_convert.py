"""A converted model computes the same as in Keras."""

import numpy as np
import pytest

from moodstream import self_test
from moodstream.features.window import Window
from moodstream.mood.softmax import log_softmax
from moodstream_train.training import run as runs
from tests.train.conftest import Work


@pytest.fixture(scope="module")
def run(work: Work) -> runs.Run:
    return runs.find(work.run)


def test_the_float_bundle_of_a_fold_says_what_keras_says(work: Work, run: runs.Run) -> None:
    keras_cnn, keras_rnn = run.models("fold-0")
    loaded = self_test.load(work.run / "fold-0" / "bundle-float32")
    cnn, rnn = loaded.classifiers()
    rng = np.random.default_rng(1)
    window = Window(64, 40)
    # From a window that repeats its only hop, as training's do, to one that has lost some hops.
    for hop in rng.standard_normal((6, 32, 40)).astype(np.float32):
        window.push(hop)
        texture = rng.standard_normal(len(loaded.card.texture.mean)).astype(np.float32)
        expected = keras_cnn.predict([window.view()[None], texture[None]], verbose=0)
        said = cnn.process(window, texture)
        moods = log_softmax(expected["logits"][0] / np.float32(loaded.card.cnn.temperature))
        assert np.allclose(said.moods, moods, atol=1e-4)
        assert np.allclose(said.heard, expected["heard"][0], atol=1e-4)
        assert np.allclose(said.place, expected["place"][0], atol=1e-4)
    frames = rng.standard_normal((64, 40)).astype(np.float32)
    expected = keras_rnn.predict(frames.reshape(1, 8, 320), verbose=0)
    moods = log_softmax(expected["logits"][0] / np.float32(loaded.card.rnn.temperature))
    each = [rnn.process(step) for step in frames.reshape(8, 8, 40)]
    assert np.allclose([one.moods for one in each], moods, atol=1e-4)
    assert np.allclose([one.heard for one in each], expected["heard"][0], atol=1e-4)
    assert np.allclose([one.place for one in each], expected["place"][0], atol=1e-4)
