"""A library with bad files in it, and what one process says of it."""

import os

import pytest
import soundfile
import soxr

from tests.support.program import run_program
from tests.support.replays import STYLES


@pytest.fixture(scope="module")
def library(recording, tmp_path_factory):
    """Two albums, some files of which are none; their names sort as they are written here."""
    folder = tmp_path_factory.mktemp("library")
    samples, rate = recording
    for i in range(5):
        path = folder / "ab"[i // 3] / f"{i}.flac"
        path.parent.mkdir(exist_ok=True)
        part = samples[(30 + 10 * i) * rate : (36 + 10 * i + i) * rate]
        soundfile.write(path, soxr.resample(part, rate, 16000), 16000)
    (folder / "a" / "1-not.mp3").write_bytes(b"")
    (folder / "a" / "notes.txt").write_text("not heard")
    (folder / "a" / "._0.flac").write_text("not heard either")
    whole = (folder / "b" / "4.flac").read_bytes()
    (folder / "b" / "5-cut.flac").write_bytes(whole[: len(whole) // 2])
    return folder


@pytest.fixture(scope="module")
def uninterrupted(library):
    """What one process says of the library, by style."""
    return {style: run_program("replay", library, "--format", style) for style in STYLES}


@pytest.fixture
def stuck(tmp_path):
    """A file whose reader waits for ever."""
    path = tmp_path / "stuck.wav"
    os.mkfifo(path)
    return path


@pytest.fixture(scope="module")
def excerpt(recording, tmp_path_factory):
    """Ten seconds of the recording as a plain WAV."""
    samples, rate = recording
    path = tmp_path_factory.mktemp("excerpt") / "excerpt.wav"
    soundfile.write(path, soxr.resample(samples[40 * rate : 50 * rate], rate, 16000), 16000)
    return path
