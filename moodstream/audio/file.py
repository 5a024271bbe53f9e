"""Audio files as a stream of blocks: an hour takes no more memory than a second."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import soundfile

from moodstream.audio.chunk import Block, mono

BLOCK_N = 1 << 15
"""Samples of each channel that are read at once..."""
BLOCK_VALUES = 1 << 18
"""...and of all channels together: a header may claim a thousand of them."""
SUFFIXES = frozenset((".aif", ".aiff", ".flac", ".mp3", ".oga", ".ogg", ".opus", ".wav"))
"""Of files that are looked for in directories."""
UNKNOWN_N = (1 << 63) - 1
"""libsndfile's SF_COUNT_MAX: a stream that was never finished."""
RATES = range(1000, 768_001)
"""Hertz; what lies outside is no audio but a broken header."""


class AudioFileError(Exception):
    """The file cannot be heard; the message says what was found."""


class AudioFile:
    """A file of any format that libsndfile reads: wav, flac, ogg, opus, mp3, aiff.

    Raises:
        AudioFileError: it does not exist, is no audio, or holds none.
    """

    def __init__(self, path: Path) -> None:
        if path.is_dir():
            suffixes = ", ".join(sorted(SUFFIXES))
            raise AudioFileError(f"{path}: is a directory; files of it are heard if {suffixes}")
        if path.suffix.lower() == ".raw":
            raise AudioFileError(f"{path}: raw samples, of no known rate; make a .wav file of them")
        try:
            # As bytes: soundfile takes no names that are not UTF-8.
            self._file = soundfile.SoundFile(os.fsencode(path))
        except soundfile.LibsndfileError as error:
            raise AudioFileError(f"{path}: {_reason(path, error)}") from error
        self.path = path
        self.rate: int = self._file.samplerate
        """Hertz."""
        self.read_n = 0
        """Samples read so far, of each channel."""
        if self.rate not in RATES:
            self._file.close()
            raise AudioFileError(f"{path}: a sample rate of {self.rate} Hz is not audio")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def length_n(self) -> int:
        """Samples of each channel, as the header says; 0 if it does not know."""
        frames = int(self._file.frames)
        return 0 if frames >= UNKNOWN_N else frames

    def blocks(self, block_n: int = BLOCK_N) -> Iterator[Block]:
        """Yield the file from its beginning, mixed to mono.

        Raises:
            AudioFileError: the file is damaged further on, or has no samples.
        """
        self.rewind()
        block_n = max(1, min(block_n, BLOCK_VALUES // self._file.channels))
        # libsndfile takes five times as long to make floats of 16-bit samples as numpy does.
        dtype = "int16" if self._file.subtype == "PCM_16" else "float32"
        while True:
            try:
                samples = self._file.read(block_n, dtype=dtype, always_2d=True)
            except soundfile.LibsndfileError as error:
                raise AudioFileError(
                    f"{self.path}: damaged after {self.read_n / self.rate:.1f} s: "
                    f"{error.error_string}"
                ) from error
            if not len(samples):
                break
            self.read_n += len(samples)
            yield Block(mono(samples), self.rate)
        if not self.read_n:
            raise AudioFileError(f"{self.path}: holds no audio (0 samples)")

    def rewind(self) -> None:
        """Back to the beginning."""
        if self.read_n:
            self._file.seek(0)
        self.read_n = 0


def in_real_time(blocks: Iterator[Block], stop: threading.Event) -> Iterator[Block]:
    """Yield each block when its last sample would have been heard; end when told to stop."""
    begun_s = time.monotonic()
    heard_s = 0.0
    for block in blocks:
        heard_s += len(block.samples) / block.rate
        if stop.wait(max(0.0, begun_s + heard_s - time.monotonic())):
            return
        yield block


def _reason(path: Path, error: soundfile.LibsndfileError) -> str:
    try:
        with path.open("rb") as stream:
            empty = not stream.read(1)
    except OSError as failure:
        return (failure.strerror or str(failure)).lower()
    if empty:
        return "is empty (0 bytes)"
    return f"not an audio file that can be read: {error.error_string}"
