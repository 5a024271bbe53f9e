"""libsndfile, whose lengths are not believed, and the threads that feed it."""

import threading

import numpy as np
import pytest
import soundfile

from moodstream.audio.file import AudioFile
from tests.support.encoded import RATE, encoded, heard, heard_bytes, tones


def test_other_formats_are_left_to_it(tmp_path):
    for form, subtype in (("VOC", "PCM_16"), ("NIST", "PCM_16"), ("WAV", "IMA_ADPCM")):
        seconds, said = heard_bytes(tmp_path, encoded(tones(2)[:, 0], form, subtype))
        assert seconds == pytest.approx(2, abs=0.05)
        assert not said


@pytest.mark.parametrize("form", ["MP3", "FLAC", "OGG"])
def test_an_ordinary_file_gives_the_samples_that_libsndfile_gives(tmp_path, form):
    path = tmp_path / "x"
    path.write_bytes(encoded(tones(3), form))
    dtype = "int16" if form == "FLAC" else "float32"
    expected, _ = soundfile.read(path, dtype=dtype)
    if form == "FLAC":
        expected = expected.astype("f") / np.float32(2**15)
    found, _, _ = heard(path)
    np.testing.assert_allclose(found, expected.mean(axis=1), atol=1e-6)


@pytest.mark.parametrize("form", ["MP3", "FLAC", "OGG"])
@pytest.mark.parametrize("is_kept", [False, True])
def test_who_stops_early_leaves_no_thread(tmp_path, form, is_kept):
    """A thread of a file that is closed would read on from nothing: a traceback at any time."""
    path = tmp_path / "x"
    path.write_bytes(encoded(tones(30), form))
    before = threading.active_count()
    with AudioFile(path) as file:
        blocks = file.blocks(1000)
        next(blocks)
        if not is_kept:
            blocks.close()
    assert threading.active_count() == before
    assert file.read_n < RATE
