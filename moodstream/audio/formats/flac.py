"""FLAC without its promised length, on which a decoder would rely."""

from collections.abc import Iterator

from moodstream.audio.formats.byte_stream import ByteStream
from moodstream.audio.formats.decoder import DecodeError, Segment
from moodstream.audio.formats.tags import APE_BYTES, ID3V1_BYTES

MARK = b"fLaC"
OPENING = b"fLaC\x00\x00\x00\x22"
"""Beginning of a stream: the mark and the header of its first block, or of its only one below."""
OPENING_ONLY = b"fLaC\x80\x00\x00\x22"
INFO_BYTES = 34
"""Bytes of the STREAMINFO block."""
BATCH = 1 << 15
ZEROS_BYTES = 64
"""Number of zeros that no frame contains: no encoder writes silence sample by sample."""


class Flac:
    """One or several FLAC streams in a row, as segments.

    Args:
        stream: at its mark.

    Raises:
        DecodeError: the first block is missing.
    """

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self.fault = ""
        """Reason why audio is missing, if any is."""
        opening = stream.peek(8 + INFO_BYTES)
        if len(opening) < 8 + INFO_BYTES or opening[4] & 0x7F:
            raise DecodeError("this FLAC stream has no header")
        numbers = int.from_bytes(opening[18:26], "big")
        self.rate = numbers >> 44
        self.channels = (numbers >> 41 & 7) + 1
        self.estimated_n = numbers & (1 << 36) - 1

    def segments(self) -> Iterator[Segment]:
        """Yield the streams; each must be read to its end before the next is asked for."""
        while self._stream.peek(4) == MARK:
            opening = bytearray(self._stream.read(8 + INFO_BYTES))
            numbers = int.from_bytes(opening[18:26], "big")
            promised_n = numbers & (1 << 36) - 1
            opening[18:26] = (numbers - promised_n).to_bytes(8, "big")
            frames = self._frames(bytes(opening), is_padded=not promised_n)
            yield Segment(frames, promised_n=promised_n)

    def _frames(self, opening: bytes, *, is_padded: bool) -> Iterator[bytes]:
        """Yield the bytes of one stream, without tags after it, and without zeros if asked.

        If the header promises a length, decoders ignore the zeros.
        """
        yield opening
        keep = ID3V1_BYTES + APE_BYTES
        while True:
            data = self._stream.peek(BATCH + keep)
            at = min(
                (i for mark in (OPENING, OPENING_ONLY) if (i := data.find(mark)) >= 0), default=-1
            )
            if at >= 0:
                if at:
                    yield self._stream.read(at)
                return
            if len(data) < BATCH + keep:
                self._stream.skip(len(data))
                data = without_tags(data)
                yield without_padding(data) if is_padded else data
                return
            batch = self._stream.read(BATCH)
            if audio := without_padding(batch) if is_padded else batch:
                yield audio


def without_padding(data: bytes) -> bytes:
    """Return frames without the zeros after them that pad a file."""
    audio = data.rstrip(b"\0")
    return data if len(data) - len(audio) < ZEROS_BYTES else audio


def without_tags(data: bytes) -> bytes:
    """Return the end of a file without the ID3v1 and APE tags after the audio."""
    if data[-ID3V1_BYTES:].startswith(b"TAG"):
        data = data[:-ID3V1_BYTES]
    if data[-APE_BYTES:].startswith(b"APETAGEX"):
        length = int.from_bytes(data[-APE_BYTES:][12:16], "little") + APE_BYTES
        data = data[:-length] if length <= len(data) else data[:-APE_BYTES]
    return data
