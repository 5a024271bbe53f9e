import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.features.spectrum import PowerSpectra, hann
from tests.support.signals import noise

FRAME, HOP = 64, 24


def oracle(samples):
    """Frame by frame, by the definition of the discrete Fourier transform."""
    signal = np.concatenate((np.zeros(FRAME - HOP), samples))
    n = np.arange(FRAME)
    window = np.sin(np.pi * n / FRAME) ** 2
    turns = np.exp(-2j * np.pi * np.outer(np.arange(FRAME // 2 + 1), n) / FRAME)
    ends = range(FRAME, len(signal) + 1, HOP)
    return np.array([np.abs(turns @ (signal[end - FRAME : end] * window)) ** 2 for end in ends])


def test_equals_the_definition():
    samples = noise(0.1)
    found = PowerSpectra(FRAME, HOP).process(samples)
    assert found.dtype == np.float32
    assert found.shape == (len(samples) // HOP, FRAME // 2 + 1)
    np.testing.assert_allclose(found, oracle(samples), rtol=1e-4, atol=1e-9)


@given(sizes=st.lists(st.integers(0, 300), min_size=1, max_size=20))
def test_any_block_sizes_give_the_same_bytes(sizes):
    samples = noise(1)[: sum(sizes)]
    spectra = PowerSpectra(FRAME, HOP)
    parts = [spectra.process(part) for part in np.split(samples, np.cumsum(sizes)[:-1])]
    assert np.concatenate(parts).tobytes() == PowerSpectra(FRAME, HOP).process(samples).tobytes()


def test_a_result_is_not_changed_by_the_next():
    spectra = PowerSpectra(FRAME, HOP)
    first = spectra.process(noise(0.1))
    kept = first.copy()
    spectra.process(noise(0.1) * 5)
    np.testing.assert_array_equal(first, kept)


def test_reset_gives_the_same_frames_again():
    spectra, samples = PowerSpectra(FRAME, HOP), noise(0.1)
    first = spectra.process(samples)
    spectra.process(samples[:29])
    spectra.reset()
    np.testing.assert_array_equal(spectra.process(samples), first)


@pytest.mark.parametrize("length", [16, 512])
def test_shifted_windows_add_up_to_one(length):
    half = length // 2
    window = hann(length)
    np.testing.assert_allclose(window[:half] + window[half:], 1)


def test_what_is_soft_is_not_drowned_by_what_is_loud():
    """A tone 80 dB below another, in single precision from end to end, would be lost."""
    t = np.arange(512 * 4)
    loud, soft = np.sin(2 * np.pi * t * 32 / 512), 1e-4 * np.sin(2 * np.pi * t * 200 / 512)
    power = PowerSpectra(512, 512).process((loud + soft).astype("f"))[-1]
    assert 10 * np.log10(power[32] / power[200]) == pytest.approx(80, abs=0.5)
