import numpy as np
import pytest
import soundfile

from moodstream.audio.file import AudioFile, AudioFileError, DamagedFileError
from tests.support.encoded import RATE, encoded, tones
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


def test_raw_samples_have_no_rate(tmp_path):
    path = tmp_path / "x.RAW"
    path.write_bytes(bytes(1000))
    with pytest.raises(AudioFileError, match=r"x\.RAW: raw samples of unknown rate"):
        AudioFile(path)


def test_the_length_of_the_header_is_an_estimate(tmp_path):
    path = tmp_path / "x.wav"
    content = encoded(tones(2), "WAV", "PCM_16")
    at = content.index(b"data") + 4
    path.write_bytes(content[:at] + b"\xff" * 4 + content[at + 4 :])
    with AudioFile(path) as file:
        assert file.estimated_n == 2 * file.rate
        assert sum(len(block.samples) for block in file.blocks()) == file.read_n == 2 * file.rate
        assert file.read_s == 2


def test_a_damaged_file_says_how_far_it_was_heard(tmp_path):
    path = tmp_path / "x.wav"
    content = encoded(tones(2), "WAV", "PCM_16")
    path.write_bytes(content[: len(content) // 2])
    with AudioFile(path) as file, pytest.raises(DamagedFileError) as error:
        list(file.blocks())
    assert error.value.reached_s == pytest.approx(1, abs=0.01)
    assert str(path) in str(error.value)


def test_opposite_channels_of_a_file_are_heard(tmp_path):
    path = tmp_path / "x.wav"
    one = tones(6)[:, 0]
    path.write_bytes(encoded(np.stack([one, -one], axis=1), "WAV", "FLOAT"))
    with AudioFile(path) as file:
        samples = np.concatenate([block.samples for block in file.blocks()])
    np.testing.assert_allclose(np.abs(samples[-RATE:]), np.abs(one[-RATE:]), atol=1e-6)
