"""Audio files as a stream of blocks, in constant memory."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from moodstream.audio.channels import Mix
from moodstream.audio.chunk import Block
from moodstream.audio.formats.choice import STDIN, decoder_of
from moodstream.audio.formats.decoder import DecodeError, Decoder
from moodstream.audio.formats.media import is_installed
from moodstream.audio.formats.uncompressed.layout import Layout

BLOCK_N = 1 << 15
"""Samples of each channel that are read at once."""
BLOCK_VALUES = 1 << 18
"""Samples of all channels together that are read at once: a header may claim a thousand."""
SUFFIXES = frozenset(
    [
        ".aif",
        ".aifc",
        ".aiff",
        ".au",
        ".caf",
        ".flac",
        ".mp2",
        ".mp3",
        ".oga",
        ".ogg",
        ".opus",
        ".rf64",
        ".snd",
        ".w64",
        ".wav",
    ]
)
"""Suffixes of files that are looked for in directories."""
MEDIA_SUFFIXES = frozenset(
    [
        ".3gp",
        ".aac",
        ".ac3",
        ".amr",
        ".ape",
        ".asf",
        ".avi",
        ".m4a",
        ".m4b",
        ".m4v",
        ".mka",
        ".mkv",
        ".mov",
        ".mp4",
        ".mpc",
        ".tta",
        ".webm",
        ".wma",
        ".wmv",
        ".wv",
    ]
)
"""Suffixes of files that are also looked for if the extra ``media`` is installed."""
RATES = range(1000, 768_001)
"""Plausible sample rates, hertz; any other comes from a broken header."""


class AudioFileError(Exception):
    """A file that cannot be decoded; the message says what was found."""


class DamagedFileError(AudioFileError):
    """A file that was decoded, but ends before its promised length, or has gaps.

    Args:
        message: says up to which time it was decoded, and why not further.
        reached_s: that time, seconds.
    """

    def __init__(self, message: str, reached_s: float) -> None:
        super().__init__(message)
        self.reached_s = reached_s


class AudioFile:
    """A file, a pipe, or standard input (named ``-``), as mono blocks.

    Args:
        path: of the file.
        channels: numbers of the channels to use, from 0; none for all.
        raw: format of samples without a header; None if there is a header.

    Raises:
        AudioFileError: it does not exist, is no audio, or lacks a channel that was asked for.
    """

    def __init__(
        self, path: Path, channels: tuple[int, ...] = (), raw: Layout | None = None
    ) -> None:
        self.path = path
        self._channels, self._raw = channels, raw
        if path.is_dir():
            suffixes = ", ".join(sorted(SUFFIXES))
            raise AudioFileError(
                f"{path}: is a directory; files in it are used if their names end in {suffixes}"
            )
        if path.suffix.lower() == ".raw" and not raw:
            raise AudioFileError(
                f"{path}: raw samples of unknown rate; add --raw RATE,CHANNELS,s16"
            )
        self._decoder = self._opened()
        self.rate: int = self._decoder.rate
        """Hertz at the beginning; blocks may come at another in a chained stream."""
        self.read_n = 0
        """Samples read so far, of each channel."""
        self.read_s = 0.0
        """Seconds read so far."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._decoder.close()

    @property
    def estimated_n(self) -> int:
        """Samples of each channel according to the header, 0 if unknown; often wrong."""
        return self._decoder.estimated_n

    def blocks(self, block_n: int = BLOCK_N) -> Iterator[Block]:
        """Yield the file as mono, from its beginning to the point where decoding fails.

        Raises:
            DamagedFileError: audio is missing, at the end or before; all else was yielded.
            AudioFileError: it has no samples.
        """
        if self.read_n:
            self._rewind()
        decoder = self._decoder
        mix = Mix(decoder.channels, decoder.rate, self._channels)
        block_n = max(1, min(block_n, BLOCK_VALUES // max(1, decoder.channels)))
        reason = ""
        try:
            for piece in decoder.pieces(block_n):
                if mix.form != (piece.samples.shape[1], piece.rate):
                    mix = Mix(piece.samples.shape[1], piece.rate, self._channels)
                self.read_n += len(piece.samples)
                self.read_s += len(piece.samples) / piece.rate
                yield Block(mix.process(piece.samples), piece.rate)
        except DecodeError as error:
            reason = str(error)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
        reason = reason or decoder.fault
        if not self.read_n:
            raise AudioFileError(f"{self.path}: holds no audio ({reason or '0 samples'})")
        if reason:
            message = f"{self.path}: damaged after {self.read_s:.1f} s: {reason}"
            raise DamagedFileError(message, self.read_s)

    def _rewind(self) -> None:
        if self.path == STDIN or not self.path.is_file():
            raise AudioFileError(f"{self.path}: is a stream, which cannot be read twice")
        self._decoder.close()
        self._decoder = self._opened()
        self.read_n, self.read_s = 0, 0.0

    def _opened(self) -> Decoder:
        try:
            decoder = decoder_of(self.path, self._raw)
        except DecodeError as error:
            raise AudioFileError(f"{self.path}: {error}") from error
        except OSError as error:
            raise AudioFileError(
                f"{self.path}: {(error.strerror or str(error)).lower()}"
            ) from error
        problem = ""
        if decoder.rate not in RATES:
            problem = f"a sample rate of {decoder.rate} Hz is not audio"
        elif decoder.channels < 1:
            problem = "it has no channels"
        elif missing := [n for n in self._channels if not 0 <= n < decoder.channels]:
            problem = f"it has no channel {missing[0]}, only {decoder.channels}, counted from 0"
        if problem:
            decoder.close()
            raise AudioFileError(f"{self.path}: {problem}")
        return decoder


def suffixes() -> frozenset[str]:
    """Return the suffixes of files that the installed decoders can read."""
    return SUFFIXES | MEDIA_SUFFIXES if is_installed() else SUFFIXES


def in_real_time(blocks: Iterator[Block], stop: threading.Event) -> Iterator[Block]:
    """Yield each block at the time of its last sample; end when told to stop."""
    begun_s = time.monotonic()
    heard_s = 0.0
    for block in blocks:
        heard_s += len(block.samples) / block.rate
        if stop.wait(max(0.0, begun_s + heard_s - time.monotonic())):
            return
        yield block
