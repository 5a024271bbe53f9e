"""The plain mean of channels."""

import numpy as np
import pytest

from moodstream.audio.chunk import mono
from tests.support.signals import noise


def test_channels_that_are_no_numbers_are_mixed_without_a_warning(recwarn):
    huge = np.finfo(np.float32).max
    assert np.isnan(mono(np.array([[np.inf, -np.inf]], np.float32)))[0]
    assert np.isinf(mono(np.array([[huge, huge]], np.float32)))[0]
    assert not recwarn.list


def test_a_mix_is_no_view_of_what_is_mixed():
    for channels in (1, 2):
        samples = noise(0.1).reshape(-1, channels)
        mixed = mono(samples)
        before = mixed.copy()
        samples[:] = 0
        np.testing.assert_array_equal(mixed, before)


@pytest.mark.parametrize("channels", [1, 2, 3, 6])
def test_integers_give_the_bytes_of_their_floats(channels):
    values = np.random.default_rng(1).integers(-(2**15), 2**15, (5000, channels), np.int16)
    values[:2] = [[-(2**15)], [2**15 - 1]]
    floats = values.astype(np.float32) / np.float32(2**15)
    for each in (values, np.asfortranarray(values), values[::3]):
        expected = mono(floats[::3] if len(each) < len(values) else floats)
        np.testing.assert_array_equal(mono(each), expected)
