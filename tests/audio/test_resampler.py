import numpy as np
import pytest
import soxr

from moodstream.audio.resampler import Resampler
from tests.support.signals import noise


@pytest.mark.parametrize("rate", [8000, 11025, 44100, 48000, 192000])
def test_in_blocks_it_is_the_one_shot_resampling(rate):
    samples = noise(2, rate)
    resampler = Resampler(16000)
    resampler.reset(rate)
    blocks = [resampler.process(samples[i : i + 313]) for i in range(0, len(samples), 313)]
    found = np.concatenate([*blocks, resampler.finish()])
    np.testing.assert_allclose(found, soxr.resample(samples, rate, 16000), atol=1e-6)


def test_reset_gives_the_same_again():
    samples, resampler = noise(0.3, 48000), Resampler(16000)
    resampler.reset(48000)
    first = resampler.process(samples)
    resampler.process(samples[:77])
    resampler.reset(48000)
    np.testing.assert_array_equal(resampler.process(samples), first)


def test_what_is_no_number_is_silence_and_counted():
    resampler = Resampler(16000)
    found = resampler.process(np.array([0.5, np.nan, np.inf, -np.inf, 1e30, -1e30], np.float32))
    np.testing.assert_array_equal(found, np.array([0.5, 0, 0, 0, 10, -10], np.float32))
    assert resampler.unreadable_n == 3
