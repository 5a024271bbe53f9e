"""Recordings that are damaged, too loud, or no recordings."""

import numpy as np
import pytest
import soundfile

from tests.support.replays import replayed
from tests.support.signals import glide, noise


def bad_files(directory):
    """Each with a part of what must be said of it."""
    (directory / "text.wav").write_text("this is not audio\n" * 100)
    (directory / "empty.wav").write_bytes(b"")
    soundfile.write(directory / "nothing.wav", np.zeros(0), 16000)
    (directory / "folder.wav").mkdir()
    soundfile.write(directory / "cut.flac", noise(10), 16000)
    whole = (directory / "cut.flac").read_bytes()
    (directory / "cut.flac").write_bytes(whole[: len(whole) // 2])
    (directory / "header.wav").write_bytes(b"RIFF\xff\xff\xff\x7fWAVEfmt \x10\x00\x00\x00")
    return {
        "text.wav": "not an audio file",
        "empty.wav": "is empty (0 bytes)",
        "nothing.wav": "holds no audio (0 samples)",
        "folder.wav": "is a directory",
        "cut.flac": "damaged after",
        "header.wav": "not an audio file",
        "absent.wav": "no such file",
    }


def test_bad_files_are_told_and_harm_no_other(tmp_path, excerpt):
    bad = bad_files(tmp_path)
    result, lines = replayed(*(tmp_path / name for name in bad), excerpt)
    assert result.returncode == 1
    errors = result.stderr.splitlines()
    assert len(errors) == len(bad)
    for (name, part), error in zip(bad.items(), errors, strict=True):
        assert error.startswith("Warning: " if name == "cut.flac" else "Error: ")
        assert name in error
        assert part in error
    summaries = {line["file"]: line for line in lines if line["type"] == "summary"}
    assert str(excerpt) in summaries
    # Of what breaks off, what could be heard is told.
    assert set(summaries) == {str(excerpt), str(tmp_path / "cut.flac")}
    assert 3 < summaries[str(tmp_path / "cut.flac")]["duration"] < 6


def test_a_wav_cut_short_is_heard_to_its_end_and_told(tmp_path, excerpt):
    path = tmp_path / "cut.wav"
    path.write_bytes(excerpt.read_bytes()[: 16000 * 2 * 7])
    result, lines = replayed(path)
    assert result.returncode == 1
    assert f"Warning: {path}: damaged after 7.0 s" in result.stderr
    assert lines[-1]["duration"] == pytest.approx(7, abs=0.01)


def test_samples_that_are_no_numbers_are_told(tmp_path):
    samples = noise(5)
    samples[100:200] = np.nan
    samples[300] = np.inf
    path = tmp_path / "nan.wav"
    soundfile.write(path, samples, 16000, subtype="FLOAT")
    result, lines = replayed(path)
    assert result.returncode == 0
    assert "101 samples are not finite" in result.stderr
    assert lines[-1]["duration"] == 5


@pytest.mark.parametrize(("peak", "is_told"), [(1.0, False), (3.0, True), (32768.0, True)])
def test_samples_beyond_full_scale_are_told(tmp_path, peak, is_told):
    path = tmp_path / "loud.wav"
    samples = glide(5)
    soundfile.write(path, samples / np.abs(samples).max() * peak, 16000, subtype="FLOAT")
    result, _ = replayed(path)
    assert result.returncode == 0
    assert (f"{path}: its samples reach {peak:.4g} times full scale" in result.stderr) == is_told
