import hashlib
import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from moodstream import self_test
from moodstream.bundle.bundle import BundleError
from moodstream.bundle.card import SelfTestSpec
from tests.support.bundle import change_card, read_card


def failure(directory):
    with pytest.raises(BundleError) as caught:
        self_test.load(directory)
    return str(caught.value)


def test_the_signal_is_of_four_audible_seconds_and_swells():
    for rate in (8000, 16000):
        samples = self_test.signal(rate)
        assert samples.shape == (4 * rate,)
        assert samples.dtype == np.float32
        levels = 20 * np.log10(samples.reshape(16, -1).std(axis=1))
        assert -40 < levels.min() < levels.max() - 12
        assert np.abs(samples).max() < 1
    np.testing.assert_array_equal(self_test.signal(16000), samples)


def test_the_shipped_bundle_says_here_what_its_card_expects(bundle):
    spec = bundle.card.self_test
    assert 0 < spec.tolerance <= 0.05
    assert np.array(spec.moods).shape == (self_test.HOPS, 3, 8)
    np.testing.assert_allclose(np.array(spec.moods).sum(axis=2), 1, atol=1e-3)
    assert np.array(spec.heard).shape == np.array(spec.place).shape == (self_test.HOPS, 2)
    assert self_test.deviation(bundle) <= spec.tolerance


def test_a_model_that_hears_no_music_in_the_signal_is_tested_all_the_same(bundle):
    """As many a model that was trained on little does."""
    deaf = replace(bundle.card.hearing, confident=1.0, doubtful=1.0)
    changed = replace(bundle, card=replace(bundle.card, hearing=deaf))
    assert self_test.record(changed) == self_test.record(bundle)
    assert self_test.deviation(changed) <= bundle.card.self_test.tolerance


def test_what_is_recorded_is_what_is_expected(bundle):
    blank = replace(bundle, card=replace(bundle.card, self_test=SelfTestSpec((), (), (), 0.0)))
    recorded = self_test.record(blank)
    assert recorded == self_test.record(bundle)
    assert (
        self_test.deviation(replace(bundle, card=replace(bundle.card, self_test=recorded))) < 1e-4
    )
    assert self_test.deviation(blank) == float("inf")
    assert json.loads(json.dumps(asdict(recorded)))["tolerance"] == self_test.TOLERANCE


@pytest.mark.parametrize(("shift", "refused"), [(0.04, False), (0.06, True)])
@pytest.mark.parametrize("name", ["moods", "heard", "place"])
def test_other_expectations_are_refused(copied, name, shift, refused):
    spec = read_card(copied)["self_test"]
    row = {"moods": spec["moods"][0][2], "heard": spec["heard"][1], "place": spec["place"][2]}[name]
    row[row.index(max(row))] -= shift
    change_card(copied, self_test=spec)
    if refused:
        assert "the self-test failed: a number deviates by 0.06" in failure(copied)
        assert "install the bundle again" in failure(copied)
    else:
        self_test.load(copied)


def test_fewer_expectations_are_refused(copied):
    spec = read_card(copied)["self_test"]
    for rows in (spec["moods"], spec["heard"], spec["place"]):
        rows.pop()
    change_card(copied, self_test=spec)
    assert "the self-test failed" in failure(copied)


@pytest.mark.parametrize("name", ["cnn", "rnn"])
def test_other_weights_are_refused_though_all_else_is_right(copied, name):
    path = copied / f"{name}.tflite"
    content = path.read_bytes()
    changed = content
    for weights in largest_constants(content, 3):
        changed = changed.replace(weights, weights[::-1])
    path.write_bytes(changed)
    assert "sha256" in failure(copied)
    artifact = {**read_card(copied)[name], "sha256": hashlib.sha256(changed).hexdigest()}
    change_card(copied, **{name: artifact})
    assert "the self-test failed" in failure(copied)


def test_another_normalisation_is_refused(copied):
    texture = read_card(copied)["texture"]
    change_card(copied, texture={**texture, "mean": [value + 2 for value in texture["mean"]]})
    assert "the self-test failed" in failure(copied)


def largest_constants(content, count):
    """The bytes of the largest tensors that a TFLite file holds: weights."""
    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    held = []
    for tensor in interpreter.get_tensor_details():
        try:
            value = interpreter.get_tensor(tensor["index"]).tobytes()
        except ValueError:  # an activation that has no memory yet
            continue
        if any(value) and value in content:
            held.append(value)
    return sorted(held, key=len)[-count:]
