"""Both networks draw the same outputs from their last layer."""

import keras
import numpy as np
import pytest

from moodstream.mood.circumplex import MOODS
from moodstream_train.networks.outputs import OUTPUTS, outputs


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(2)
    x = keras.Input((5,))
    made = keras.Model(x, outputs(x))
    made.set_weights([20 * weight for weight in made.get_weights()])
    return made


def said(model: keras.Model, x: np.ndarray) -> dict[str, np.ndarray]:
    return {name: np.asarray(values) for name, values in model(x).items()}


def test_outputs_are_named_as_the_runtime_reads_them(model: keras.Model) -> None:
    found = said(model, np.ones((3, 5), np.float32))
    assert tuple(found) == OUTPUTS
    shapes = {name: values.shape for name, values in found.items()}
    assert shapes == {"logits": (3, len(MOODS)), "heard": (3, 2), "place": (3, 2)}


def test_a_place_stays_on_the_circumplex_and_logits_are_free(model: keras.Model) -> None:
    x = 50 * np.random.default_rng(0).standard_normal((200, 5)).astype(np.float32)
    found = said(model, x)
    assert np.abs(found["place"]).max() <= 1
    assert np.abs(found["heard"]).max() > 50


def test_voice_and_music_are_told_each_for_itself(model: keras.Model) -> None:
    """Logits of one layer without a softmax: both may be high, or low."""
    x = np.random.default_rng(1).standard_normal((200, 5)).astype(np.float32)
    voice, music = said(model, x)["heard"].T > 0
    assert {(bool(a), bool(b)) for a, b in zip(voice, music, strict=True)} == {
        (True, True),
        (True, False),
        (False, True),
        (False, False),
    }
