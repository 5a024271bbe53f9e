"""Pipes give what their files give."""

import os
import threading

import numpy as np
import pytest

from moodstream.audio.file import AudioFile, AudioFileError
from tests.support.encoded import encoded, heard, id3v2, tones

STREAMS = {
    "mp3": lambda: id3v2(5000) + encoded(tones(3), "MP3"),
    "flac": lambda: encoded(tones(3), "FLAC"),
    "vorbis": lambda: encoded(tones(3), "OGG", "VORBIS"),
    "opus": lambda: encoded(tones(3), "OGG", "OPUS", 48000),
    "wav": lambda: encoded(tones(3), "WAV", "PCM_24"),
    "aiff": lambda: encoded(tones(3), "AIFF", "PCM_16"),
    "au": lambda: encoded(tones(3), "AU", "FLOAT"),
    "caf": lambda: encoded(tones(3), "CAF", "PCM_16"),
}


@pytest.mark.parametrize("kind", STREAMS)
def test_a_pipe_is_heard_as_its_file(tmp_path, kind):
    content = STREAMS[kind]()
    path, pipe = tmp_path / "file", tmp_path / "pipe"
    path.write_bytes(content)
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(content,))
    writer.start()
    found, _, said = heard(pipe)
    writer.join()
    expected, _, _ = heard(path)
    np.testing.assert_array_equal(found, expected)
    assert len(found)
    assert not said


def test_a_file_is_heard_twice_alike(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(STREAMS["mp3"]())
    with AudioFile(path) as file:
        first, second = (
            np.concatenate([b.samples for b in file.blocks(n)]) for n in (999, 1 << 15)
        )
    np.testing.assert_array_equal(first, second)


def test_channels_are_chosen(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(encoded(tones(1), "WAV", "FLOAT"))
    with AudioFile(path, channels=(1,)) as file:
        found = np.concatenate([block.samples for block in file.blocks()])
    np.testing.assert_array_equal(found, tones(1)[:, 1])
    with pytest.raises(AudioFileError, match="no channel 2, only 2, counted from 0"):
        AudioFile(path, channels=(0, 2))
