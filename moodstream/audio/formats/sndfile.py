"""libsndfile as a decoder that reads on until there is no more."""

import ctypes
import io
import os
import platform
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import soundfile

from moodstream.arrays import Numbers
from moodstream.audio.formats.byte_stream import ByteStream
from moodstream.audio.formats.decoder import DecodeError, Piece
from moodstream.audio.formats.segment import Segment

UNKNOWN_N = 1 << 60
"""libsndfile's lengths above this mean that it does not know."""
TRIES = 8
"""Reads in a row that may fail before the rest is given up: each drops one damaged frame."""
KEPT_BYTES = 1 << 20
"""Bytes behind the reading position that libsndfile may go back to."""


class Demuxer(Protocol):
    """A reader of a container that cuts it into segments."""

    rate: int
    channels: int
    estimated_n: int
    fault: str

    def segments(self) -> Iterator[Segment]:
        """Yield the segments."""


class _Forward(soundfile.SoundFile):  # type: ignore[misc] # the library has no types
    """A sound file that is not told to seek to where it is after each read."""

    def seekable(self) -> bool:
        return False


class SegmentDecoder:
    """Decodes the segments of a demuxer one after the other.

    Args:
        stream: of the demuxer, closed with this.
        demuxer: cuts the stream.
        rewinds: whether the format needs a file that it can go back in for a little.
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
        # Who stops early may keep the iterator: its thread would read on from a closed file.
        if self._decoding:
            self._decoding.close()
        self._stream.close()

    def _decoded(self, block_n: int) -> Generator[Piece, None, None]:
        for segment in self._demuxer.segments():
            source = _Rewindable(segment.data) if self._rewinds else _Pipe(segment.data)
            try:
                yield from self._segment(segment, source, block_n)
            finally:
                source.end()
            for _ in segment.data:
                self._note("its end cannot be decoded")
        self.fault = self._demuxer.fault or self.fault

    def _segment(
        self, segment: Segment, source: "_Pipe | _Rewindable", block_n: int
    ) -> Iterator[Piece]:
        try:
            file = _Forward(source.file, closefd=True)
        except soundfile.LibsndfileError as error:
            self._note(_words(error))
            return
        decoded_n = 0
        with file:
            for samples in reads(file, block_n, self._note):
                kept = samples[max(0, segment.skip_n - decoded_n) :]
                begun_n = max(0, decoded_n - segment.skip_n)
                decoded_n += len(samples)
                if segment.length_n is not None:
                    kept = kept[: max(0, segment.length_n - begun_n)]
                if len(kept):
                    yield Piece(kept, file.samplerate)
        if segment.promised_n and decoded_n >= segment.promised_n:
            self.fault = ""  # the errors were behind the audio
        elif segment.promised_n:
            promised_s = segment.promised_n / file.samplerate
            self._note(f"its header promises {promised_s:.1f} s")

    def _note(self, fault: str) -> None:
        self.fault = self.fault or fault


class PathDecoder:
    """Decodes a file of any format that libsndfile knows.

    Args:
        path: of the file.

    Raises:
        DecodeError: libsndfile does not know the format.
    """

    def __init__(self, path: Path) -> None:
        try:
            # As bytes: soundfile takes no names that are not UTF-8.
            self._file = _Forward(os.fsencode(path))
        except soundfile.LibsndfileError as error:
            raise DecodeError(_words(error)) from error
        self.rate, self.channels = int(self._file.samplerate), int(self._file.channels)
        frames = int(self._file.frames)
        self.estimated_n = 0 if frames >= UNKNOWN_N else frames
        self.fault = ""

    def pieces(self, block_n: int) -> Iterator[Piece]:
        """Yield the audio."""
        decoded_n = 0
        for samples in reads(self._file, block_n, self._note):
            decoded_n += len(samples)
            yield Piece(samples, self.rate)
        if decoded_n < self.estimated_n:
            self._note(f"its header promises {self.estimated_n / self.rate:.1f} s")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _note(self, fault: str) -> None:
        self.fault = self.fault or fault


class Note(Protocol):
    """A place to put faults."""

    def __call__(self, fault: str) -> None:
        """Take the reason why something is missing."""


def reads(file: Any, block_n: int, note: Note) -> Iterator[Numbers]:
    """Yield what an open sound file holds, in one buffer that each step overwrites."""
    # libsndfile takes five times as long to make floats of 16-bit samples as numpy does.
    dtype = np.int16 if file.subtype == "PCM_16" else np.float32
    buffer = np.zeros((block_n, file.channels), dtype)
    failures = 0
    while failures < TRIES:
        try:
            with _quiet():
                samples = file.read(out=buffer)
        except soundfile.LibsndfileError as error:
            note(_words(error))
            failures += 1
            continue
        if not len(samples):
            break
        failures = 0
        yield samples


def _words(error: soundfile.LibsndfileError) -> str:
    return str(error.error_string).strip(" .").removeprefix("Error : ") or "it cannot be decoded"


@contextmanager
def _quiet() -> Iterator[None]:
    """Give libmpg123, which writes what it finds to C's stderr, a /dev/null in its place.

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
    """Return glibc's variable stderr and a stream that takes nothing; elsewhere it is constant."""
    if platform.libc_ver()[0] != "glibc":
        return None, None
    library = ctypes.CDLL(None)
    library.fopen.restype = ctypes.c_void_p
    return ctypes.c_void_p.in_dll(library, "stderr"), library.fopen(b"/dev/null", b"re")


_STDERR, _NOWHERE = _c_stderr()


class _Pipe:
    """A pipe that a thread fills: libsndfile trusts no length of what has none.

    Args:
        data: bytes for it.
    """

    def __init__(self, data: Iterator[bytes]) -> None:
        self._data = data
        self.file, self._write_fd = os.pipe()
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._fill, name="demuxer", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Wait for the thread.

        Raises:
            OSError: the bytes could not be read.
        """
        # The reader of standard output may have left. At the end of the interpreter, threads of
        # Python 3.13 stand still, and join would wait for ever.
        if sys.is_finalizing():
            return
        self._thread.join()
        if self._error:
            raise self._error

    def _fill(self) -> None:
        try:
            for data in self._data:
                rest = memoryview(data)
                while rest:
                    try:
                        rest = rest[os.write(self._write_fd, rest) :]
                    except BrokenPipeError:
                        return
        except OSError as error:
            self._error = error
        finally:
            os.close(self._write_fd)


class _Rewindable(io.RawIOBase):
    """A file of unknown length that keeps its last megabyte.

    Args:
        data: bytes of it.
    """

    def __init__(self, data: Iterator[bytes]) -> None:
        self.file = self
        self._data = data
        self._kept = bytearray()
        self._kept_from = 0
        self._at = 0
        self._error: OSError | None = None

    def end(self) -> None:
        """Raise what went wrong in a place that could not raise it.

        Raises:
            OSError: the bytes could not be read.
        """
        if self._error:
            raise self._error

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = (0, self._at, 1 << 48)[whence] + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def write(self, _: Any) -> int:
        return 0

    def readinto(self, into: Any) -> int:
        begin = self._at - self._kept_from
        while begin + len(into) > len(self._kept):
            data = b""
            with suppress(StopIteration):
                try:
                    data = next(self._data)
                except OSError as error:  # a callback of C may raise nothing
                    self._error = error
            if not data:
                break
            self._kept += data
        found = self._kept[begin : begin + len(into)] if begin >= 0 else b""
        into[: len(found)] = found
        self._at += len(found)
        if (too_many := len(self._kept) - 2 * KEPT_BYTES) > 0:
            del self._kept[: too_many + KEPT_BYTES]
            self._kept_from += too_many + KEPT_BYTES
        return len(found)
