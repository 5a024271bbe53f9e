from dataclasses import replace

import numpy as np
import pytest

from moodstream.bundle.bundle import BundleError
from moodstream.features.window import Window
from moodstream.mood.circumplex import MOODS
from tests.support.signals import noise


def test_the_card_describes_the_models(bundle):
    cnn, rnn = bundle.classifiers()
    card = bundle.card
    _, span, n_mfcc = card.cnn.inputs["frames"]
    _, earlier, channels = card.cnn.inputs["earlier"]
    _, newest, _ = card.cnn.outputs["newest"]
    assert n_mfcc == cnn.n_mfcc
    assert card.cnn.inputs["texture"] == [1, cnn.texture_width]
    assert span + earlier * cnn.row_frames == cnn.window_frames == card.cnn.window_frames
    # A call computes no more than half a second of audio makes.
    assert newest * cnn.row_frames * card.features.hop_length == 0.5 * card.features.sample_rate
    outputs = {"logits": len(MOODS), "heard": 2, "place": 2}
    assert card.cnn.outputs == {
        **{name: [1, width] for name, width in outputs.items()},
        "newest": [1, newest, channels],
    }
    assert card.rnn.inputs["frames"] == [2, rnn.step_frames, rnn.n_mfcc]
    assert card.rnn.outputs == {
        **{name: [2, width] for name, width in outputs.items()},
        "state_out": card.rnn.inputs["state"],
    }


def test_classifiers_give_log_probabilities_and_share_no_state(bundle):
    (cnn, rnn), (_, other) = bundle.classifiers(), bundle.classifiers()
    frames = noise(1, level=1)[: 32 * cnn.n_mfcc].reshape(32, -1)
    first = rnn.process(frames)
    for _ in range(5):
        rnn.process(frames * 2)
    for found, wanted in zip(other.process(frames), first, strict=True):
        np.testing.assert_array_equal(found, wanted)
    window = Window(cnn.window_frames, cnn.n_mfcc)
    window.push(frames)
    texture = np.resize(frames, cnn.texture_width)
    for found in (cnn.process(window, texture), first):
        assert [values.shape for values in found] == [(len(MOODS),), (2,), (2,)]
        assert np.exp(found.moods).sum() == pytest.approx(1, abs=1e-4)
        assert np.abs(found.place).max() <= 1


def test_a_file_that_is_no_model_is_refused(bundle):
    for name in ("cnn_model", "rnn_model"):
        with pytest.raises(BundleError, match="cannot be loaded"):
            replace(bundle, **{name: b"not a model"}).classifiers()


def test_the_models_must_be_in_their_places(bundle):
    swapped = replace(bundle, cnn_model=bundle.rnn_model, rnn_model=bundle.cnn_model)
    with pytest.raises(BundleError, match="no tensor named 'texture'"):
        swapped.classifiers()


def test_models_of_other_features_are_refused(bundle):
    card = bundle.card
    spec = replace(card.features, n_mfcc=39)
    with pytest.raises(BundleError) as caught:
        replace(bundle, card=replace(card, features=spec)).classifiers()
    for name in ("cnn", "rnn"):
        assert f"{name} takes 40 coefficients a frame, features have 39" in str(caught.value)
    texture = replace(card.texture, mean=(0.0,), std=(1.0,))
    with pytest.raises(BundleError, match="cnn takes 260 statistics, texture has 1"):
        replace(bundle, card=replace(card, texture=texture)).classifiers()


def test_a_step_must_be_whole_chroma_frames(bundle):
    chroma = replace(bundle.card.chroma, hop_length=1500)
    with pytest.raises(BundleError, match=r"a step of the rnn is 2000 samples, .* of 1500 samples"):
        replace(bundle, card=replace(bundle.card, chroma=chroma)).classifiers()


@pytest.mark.parametrize("frames", [193, 64])
def test_the_window_must_fit_the_model(bundle, frames):
    cnn = replace(bundle.card.cnn, window_frames=frames)
    with pytest.raises(BundleError, match=f"cnn.window_frames {frames} does not fit the frames"):
        replace(bundle, card=replace(bundle.card, cnn=cnn)).classifiers()


def test_a_step_must_be_whole_rows_of_the_cnn(bundle):
    # With a window so much longer, the rows would be twice as far apart.
    _, rows, _ = bundle.card.cnn.inputs["earlier"]
    cnn = replace(bundle.card.cnn, window_frames=bundle.card.cnn.window_frames + 8 * rows)
    with pytest.raises(BundleError, match=r"a step of the rnn is 8 frames, .* of 16 frames"):
        replace(bundle, card=replace(bundle.card, cnn=cnn)).classifiers()
