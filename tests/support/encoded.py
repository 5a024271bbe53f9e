"""Encoded audio that is made here, and files that decode it."""

import io
import struct
from pathlib import Path

import numpy as np
import soundfile

from moodstream.arrays import Float32
from moodstream.audio.file import AudioFile, DamagedFileError

RATE = 32000


def tones(seconds: float, hertz: float = 440.0) -> Float32:
    """Two channels of a tone and of noise, as music that no encoder turns to nothing."""
    t = np.arange(round(seconds * RATE)) / RATE
    hiss = np.random.default_rng(2).standard_normal(len(t)) * 0.02
    return np.stack(
        [0.3 * np.sin(2 * np.pi * hertz * t), 0.2 * np.sin(hertz * t) + hiss], 1
    ).astype("f")


def encoded(samples: Float32, form: str, subtype: str | None = None, rate: int = RATE) -> bytes:
    """The samples in a format of libsndfile."""
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate, subtype, format=form)
    return buffer.getvalue()


def heard(path: Path) -> tuple[Float32, float, str]:
    """The samples of a file, the seconds, and what is said of it at the end."""
    blocks = []
    said = ""
    with AudioFile(path) as file:
        try:
            blocks += [block.samples for block in file.blocks(1 << 12)]
        except DamagedFileError as error:
            said = str(error)
            assert error.reached_s == file.read_s
        return np.concatenate(blocks or [np.zeros(0, "f")]), file.read_s, said


def heard_bytes(directory: Path, content: bytes, name: str = "x") -> tuple[float, str]:
    """How many seconds are heard of these bytes, and what is said."""
    path = directory / name
    path.write_bytes(content)
    _, seconds, said = heard(path)
    return seconds, said


def id3v2(size: int) -> bytes:
    """A tag before the audio, filled with bytes that look like frames of MPEG audio."""
    sizes = bytes((size >> shift) & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + sizes + (b"\xff\xfb\x90\x64" * size)[:size]


def id3v1() -> bytes:
    """A tag behind the audio."""
    return b"TAG" + b"a title".ljust(125, b"\0")


def ape(size: int) -> bytes:
    """An APE tag with its header and footer."""
    head = b"APETAGEX" + struct.pack("<III", 2000, size + 32, 0)
    return head + struct.pack("<I", 0xA0000000) + bytes(8) + b"\xff" * size + head + bytes(12)
