"""libsndfile as a decoder that reads until the data end."""

import ctypes
import os
import platform
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import soundfile

from moodstream.arrays import Numbers
from moodstream.audio.formats.byte_stream import ByteStream
from moodstream.audio.formats.decoder import DecodeError, Piece, Segment
from moodstream.audio.formats.feed import PipeFeed, RewindableFeed

UNKNOWN_N = 1 << 60
"""Length above which libsndfile means "unknown"."""
LAG_N = 2304
"""Samples of each channel by which headers of compressed audio promise more than comes: two frames
of MPEG audio."""
HEADED = (".au", ".snd")
"""Suffixes for which libsndfile reads any file without a header as samples at 8 kHz."""
TRIES = 8
"""Consecutive reads that may fail before the rest is abandoned; each skips one damaged frame."""


class Demuxer(Protocol):
    """A reader of a container that cuts it into segments."""

    rate: int
    channels: int
    estimated_n: int
    fault: str

    def segments(self) -> Iterator[Segment]:
        """Yield the segments."""


class _Forward(soundfile.SoundFile):  # type: ignore[misc] # the library has no types
    """A sound file that does not seek to its own position after each read."""

    def seekable(self) -> bool:
        return False


class SegmentDecoder:
    """Decodes the segments of a demuxer one after the other.

    Args:
        stream: of the demuxer, closed with this.
        demuxer: cuts the stream.
        rewinds: whether the format needs a file in which it can go back a little.
    """

    def __init__(self, stream: ByteStream, demuxer: Demuxer, *, rewinds: bool) -> None:
        self._stream, self._demuxer, self._rewinds = stream, demuxer, rewinds
        self.rate, self.channels = demuxer.rate, demuxer.channels
        self.estimated_n = demuxer.estimated_n
        self.fault = ""
        self._decoding: Generator[Piece, None, None] | None = None

    def pieces(self, block_n: int) -> Iterator[Piece]:
        """Yield the audio of all segments."""
        self._decoding = self._decoded(block_n)
        return self._decoding

    def close(self) -> None:
        """Stop decoding, and close the stream."""
        # A caller that stops early may keep the iterator, whose thread would then read a closed
        # file.
        if self._decoding:
            self._decoding.close()
        self._stream.close()

    def _decoded(self, block_n: int) -> Generator[Piece, None, None]:
        for segment in self._demuxer.segments():
            source = RewindableFeed(segment.data) if self._rewinds else PipeFeed(segment.data)
            try:
                is_whole = yield from self._segment(segment, source, block_n)
            finally:
                source.end()
            if any(segment.data) and not is_whole:
                self._note("its end cannot be decoded")
            for _ in segment.data:
                pass
        self.fault = self._demuxer.fault or self.fault

    def _segment(
        self, segment: Segment, source: "PipeFeed | RewindableFeed", block_n: int
    ) -> Generator[Piece, None, bool]:
        """Yield the audio of a segment; return whether it is complete."""
        try:
            file = _Forward(source.file, closefd=True)
        except soundfile.LibsndfileError as error:
            self._note(_words(error))
            return False
        before, decoded_n = self.fault, 0
        with file:
            for samples in reads(file, block_n, self._note, segment.promised_n):
                kept = samples[max(0, segment.skip_n - decoded_n) :]
                begun_n = max(0, decoded_n - segment.skip_n)
                decoded_n += len(samples)
                if segment.length_n is not None:
                    kept = kept[: max(0, segment.length_n - begun_n)]
                if len(kept):
                    yield Piece(kept, file.samplerate)
        if segment.promised_n and decoded_n >= segment.promised_n:
            self.fault = before  # the errors were behind the audio
            return True
        if segment.promised_n:
            promised_s = segment.promised_n / file.samplerate
            self._note(f"its header promises {promised_s:.1f} s")
        return False

    def _note(self, fault: str) -> None:
        self.fault = self.fault or fault


class PathDecoder:
    """Decoder for any format that libsndfile knows.

    Args:
        path: of the file.
        fault: reason why audio is missing, if already known.

    Raises:
        DecodeError: libsndfile does not know the format.
    """

    def __init__(self, path: Path, fault: str = "") -> None:
        try:
            # As bytes, because soundfile rejects names that are not UTF-8.
            self._file = _Forward(os.fsencode(path))
        except soundfile.LibsndfileError as error:
            raise DecodeError(_words(error)) from error
        if self._file.format == "RAW" and path.suffix.lower() in HEADED:
            self._file.close()
            raise DecodeError("it has no header")
        self.rate, self.channels = int(self._file.samplerate), int(self._file.channels)
        frames = int(self._file.frames)
        self.estimated_n = 0 if frames >= UNKNOWN_N else frames
        self.fault = fault

    def pieces(self, block_n: int) -> Iterator[Piece]:
        """Yield the audio."""
        decoded_n = 0
        for samples in reads(self._file, block_n, self._note):
            decoded_n += len(samples)
            yield Piece(samples, self.rate)
        if decoded_n < self.estimated_n - LAG_N:
            self._note(f"its header promises {self.estimated_n / self.rate:.1f} s")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _note(self, fault: str) -> None:
        self.fault = self.fault or fault


class Note(Protocol):
    """Receiver of faults."""

    def __call__(self, fault: str) -> None:
        """Receive the reason why something is missing."""


def reads(file: Any, block_n: int, note: Note, promised_n: int = 0) -> Iterator[Numbers]:
    """Yield the samples of an open sound file, in one buffer that each step overwrites.

    A read that meets damage gives no samples. One read ends at the promised end of the audio, so
    damage after it loses no audio.
    """
    # libsndfile takes five times as long to make floats of 16-bit samples as numpy does.
    dtype = np.int16 if file.subtype == "PCM_16" else np.float32
    buffer = np.zeros((block_n, file.channels), dtype)
    failures = read_n = 0
    while failures < TRIES:
        most = min(block_n, promised_n - read_n) if read_n < promised_n else block_n
        try:
            with _quiet():
                samples = file.read(out=buffer[:most])
        except soundfile.LibsndfileError as error:
            note(_words(error))
            failures += 1
            continue
        if not len(samples):
            break
        failures = 0
        read_n += len(samples)
        yield samples


def _words(error: soundfile.LibsndfileError) -> str:
    return str(error.error_string).strip(" .").removeprefix("Error : ") or "it cannot be decoded"


@contextmanager
def _quiet() -> Iterator[None]:
    """Replace C's stderr, to which libmpg123 writes its messages, by /dev/null.

    File descriptor 2, to which Python and its logs write, stays as it is.
    """
    before = _STDERR.value if _STDERR else None
    if _STDERR and _NOWHERE:
        _STDERR.value = _NOWHERE
    try:
        yield
    finally:
        if _STDERR:
            _STDERR.value = before


def _c_stderr() -> tuple[ctypes.c_void_p | None, int | None]:
    """Return glibc's variable stderr and a null stream; elsewhere stderr is a constant."""
    if platform.libc_ver()[0] != "glibc":
        return None, None
    library = ctypes.CDLL(None)
    library.fopen.restype = ctypes.c_void_p
    return ctypes.c_void_p.in_dll(library, "stderr"), library.fopen(b"/dev/null", b"re")


_STDERR, _NOWHERE = _c_stderr()
