"""Networks that are recovered from their TFLite files: they hear what the files hear."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from moodstream.bundle import disk
from moodstream.bundle.bundle import Bundle
from moodstream_train.export.convert import convert_cnn, convert_rnn
from moodstream_train.networks import cnn, rnn
from moodstream_train.training import recovery, start
from tests.train.conftest import TINY

CLOSE = {"float32": 1e-3, "dynamic-range": 0.1, "int8": 0.3}
"""Largest mean difference of logits, whose deviation is about 1."""


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """Its card is that of the shipped bundle. Its networks are other ones."""
    return disk.read(disk.shipped())


def stirred(model: keras.Model) -> keras.Model:
    """A network that was trained for long: no weight is 0 or 1, no unit like the others."""
    rng = np.random.default_rng(3)
    for layer in model.layers:
        layer.set_weights(
            [
                np.abs(w) + rng.uniform(0.5, 1.5, w.shape)
                if "var" in layer.weights[k].path or "gamma" in layer.weights[k].path
                else w + 0.3 * rng.standard_normal(w.shape)
                for k, w in enumerate(layer.get_weights())
            ]
        )
    return model


@pytest.mark.parametrize("form", CLOSE)
def test_recovered_networks_say_what_the_trained_ones_say(bundle: Bundle, form: str) -> None:
    width = len(bundle.card.texture.mean)
    rng = np.random.default_rng(4)
    windows = (
        rng.standard_normal((64, TINY.cnn.window_frames, 40), np.float32),
        rng.standard_normal((64, width), np.float32),
    )
    sequences = rng.standard_normal((8, 16, TINY.rnn.step_frames * 40), np.float32)
    trained = (
        stirred(cnn.build(TINY.cnn, 40, width)),
        stirred(rnn.build(TINY.rnn, TINY.features)),
    )
    card = replace(bundle.card, cnn=replace(bundle.card.cnn, window_frames=TINY.cnn.window_frames))
    made = replace(
        bundle,
        card=card,
        cnn_model=convert_cnn(trained[0], TINY.hop_frames, form, windows, windows).content,
        rnn_model=convert_rnn(trained[1], TINY, form, sequences, sequences).content,
    )
    found = recovery.networks(made, TINY)
    for one, other, inputs in zip(trained, found, (windows, sequences), strict=True):
        said, again = (model.predict(inputs, verbose=0) for model in (one, other))
        for name in said:
            deviation = np.abs(said[name] - again[name]).mean() / said[name].std()
            assert deviation < CLOSE[form], (one.name, name)


def test_the_shipped_bundle_is_recovered_by_its_own_card() -> None:
    shipped = start.read(disk.shipped())
    recipe = start.recipe_of(shipped)
    found, _ = recovery.networks(shipped, recipe)
    assert sum(w.size for w in found.get_weights()) > 100_000
    assert start.calibration_of(shipped).cnn_temperature == shipped.card.cnn.temperature
    assert recipe.smoothing == shipped.card.smoothing


def test_a_bundle_of_other_sizes_is_refused(bundle: Bundle) -> None:
    wider = replace(TINY, cnn=replace(TINY.cnn, channels=(16, 8)))
    with pytest.raises(recovery.RecoveryError, match="not those of the card's recipe"):
        recovery.networks(bundle, wider)


def test_a_bundle_with_the_recipe_of_another_version_is_refused(bundle: Bundle) -> None:
    foreign = {"recipe": {"cnn": {"layers": 5}}}
    bare = replace(bundle, card=replace(bundle.card, training=foreign))
    with pytest.raises(start.StartError, match="has no recipe that this version reads"):
        start.recipe_of(bare)


def test_a_folder_without_a_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(start.StartError, match="a bundle is a directory with"):
        start.read(tmp_path)
