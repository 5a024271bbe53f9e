import numpy as np
import pytest
import soundfile

from moodstream.audio.chunk import mono
from moodstream.audio.file import AudioFile, AudioFileError
from tests.support.signals import noise


def heard(path, block_n):
    with AudioFile(path) as file:
        return np.concatenate([block.samples for block in file.blocks(block_n)])


@pytest.mark.parametrize("suffix", ["wav", "flac"])
@pytest.mark.parametrize("channels", [1, 2, 3, 5])
def test_16_bits_are_heard_as_the_same_values_in_floats(tmp_path, suffix, channels):
    values = noise(0.2 * channels, level=0.3).reshape(-1, channels)
    values[:2] = [[-1], [1]]
    path, floats = tmp_path / f"16.{suffix}", tmp_path / "floats.wav"
    soundfile.write(path, values, 16000, "PCM_16")
    quantised, _ = soundfile.read(path, dtype="float32", always_2d=True)
    soundfile.write(floats, quantised, 16000, "FLOAT")
    expected = heard(floats, 1000)
    np.testing.assert_array_equal(heard(path, 777), expected)
    np.testing.assert_allclose(expected, quantised.mean(axis=1), atol=1e-6)
    assert expected.dtype == np.float32
    assert expected[0] == -1


def test_channels_that_are_no_numbers_are_mixed_without_a_warning(recwarn):
    huge = np.finfo(np.float32).max
    assert np.isnan(mono(np.array([[np.inf, -np.inf]], np.float32)))[0]
    assert np.isinf(mono(np.array([[huge, huge]], np.float32)))[0]
    assert not recwarn.list


def test_raw_samples_have_no_rate(tmp_path):
    path = tmp_path / "x.RAW"
    path.write_bytes(bytes(1000))
    with pytest.raises(AudioFileError, match=r"x\.RAW: raw samples, of no known rate"):
        AudioFile(path)


def test_a_mix_is_no_view_of_what_is_mixed():
    for channels in (1, 2):
        samples = noise(0.1).reshape(-1, channels)
        mixed = mono(samples)
        before = mixed.copy()
        samples[:] = 0
        np.testing.assert_array_equal(mixed, before)
