"""Audio files of a folder, and their samples."""

from pathlib import Path

import numpy as np
import soundfile
import soxr

from moodstream.arrays import Float32
from moodstream.audio.chunk import mono
from moodstream_train.corpora.clip import Clip, CorpusError

SUFFIXES = (".wav", ".flac", ".opus", ".ogg", ".mp3")
"""Suffixes in order of preference, for clips that exist in several formats, as in CREMA-D."""


def audio_below(folder: Path) -> dict[str, Path]:
    """Return the audio files in a folder and all below it, by their names without suffix."""
    paths = [path for path in folder.rglob("*") if is_audio(path)]
    paths.sort(key=lambda path: (SUFFIXES.index(path.suffix.lower()), path))
    # The preferred file of a name comes last, so it is kept.
    return {path.stem: path for path in reversed(paths)}


def is_audio(path: Path) -> bool:
    """Return whether a name belongs to an audio file; hidden files do not count."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def read(clip: Clip, rate: int) -> Float32:
    """Return the samples of a clip at a rate in hertz, in one channel [shape=(n,), float32].

    Raises:
        CorpusError: the file cannot be decoded.
    """
    try:
        samples, source_rate = soundfile.read(clip.path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise CorpusError(f"{clip.path}: cannot be read: {error}") from error
    mixed = mono(samples)
    if source_rate != rate:
        mixed = soxr.resample(mixed, source_rate, rate).astype(np.float32)
    return mixed
