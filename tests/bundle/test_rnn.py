import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moodstream.bundle.rnn import RnnClassifier
from tests.support.signals import noise
from tests.support.steps import single


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_the_rnn_forgets_what_is_older_than_its_memory(bundle):
    """Two streams that differ only in the distant past say exactly the same."""
    _, one = bundle.classifiers()
    _, two = bundle.classifiers()
    step = one.step_frames
    memory = bundle.card.rnn.memory_steps
    shared = noise(3 * memory * step * one.n_mfcc / 16000, level=1).reshape(-1, one.n_mfcc)
    two.process(shared[: 3 * step] * -5)
    one.process(shared[: 3 * step])
    differs = [
        not same(one.process(part), two.process(part))
        for part in np.split(shared[: 2 * memory * step], 2 * memory)
    ]
    assert differs[0]
    assert not any(differs[memory:])


def test_reset_forgets_everything(bundle):
    _, rnn = bundle.classifiers()
    frames = noise(1, level=1)[: 8 * rnn.step_frames * rnn.n_mfcc].reshape(-1, rnn.n_mfcc)
    first = rnn.process(frames)
    rnn.process(frames)
    rnn.reset()
    assert same(rnn.process(frames), first)


def test_steps_may_come_one_by_one_or_together(bundle):
    _, one = bundle.classifiers()
    _, two = bundle.classifiers()
    frames = noise(9, level=1)[: 300 * one.step_frames * one.n_mfcc].reshape(-1, one.n_mfcc)
    whole = one.process(frames)
    parts = [two.process(part) for part in np.split(frames, 300)]
    moods, heard, place = (np.mean(each, axis=0) for each in zip(*parts, strict=True))
    np.testing.assert_allclose(whole.moods, moods - np.log(np.exp(moods).sum()), atol=1e-4)
    np.testing.assert_allclose(whole.heard, heard, atol=1e-4)
    np.testing.assert_allclose(whole.place, place, atol=1e-4)


@pytest.fixture(scope="module")
def step_by_step(bundle):
    """The shipped model without its call for several steps."""
    return single(bundle.rnn_model)


@settings(max_examples=20)
@given(sizes=st.lists(st.integers(1, 11), min_size=1, max_size=60), half=st.integers(1, 9))
def test_several_steps_in_one_call_say_the_same_bit_by_bit(bundle, step_by_step, sizes, half):
    """However the steps come, and whenever the states are renewed."""
    one, other = (RnnClassifier(m, 1.0, 2 * half) for m in (step_by_step, bundle.rnn_model))
    frames = noise(60, level=1)[: sum(sizes) * one.step_frames * one.n_mfcc]
    frames = frames.reshape(-1, one.n_mfcc)
    ends = np.cumsum(sizes)[:-1] * one.step_frames
    for part in np.split(frames, ends):
        assert same(other.process(part), one.process(part))
    other.reset()
    one.reset()
    assert same(other.process(frames), one.process(frames))
