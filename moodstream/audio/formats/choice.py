"""The decoder for a file, chosen by its first bytes, never by its name."""

import os
from pathlib import Path
from typing import BinaryIO

from moodstream.audio.formats.byte_stream import ByteStream
from moodstream.audio.formats.decoder import DecodeError, Decoder
from moodstream.audio.formats.flac import Flac
from moodstream.audio.formats.media import Media
from moodstream.audio.formats.mp3 import OPENING_FRAMES, SEARCH, Mp3, first_frame
from moodstream.audio.formats.ogg import Ogg
from moodstream.audio.formats.sndfile import PathDecoder, SegmentDecoder
from moodstream.audio.formats.tags import skip_tags
from moodstream.audio.formats.uncompressed.headers import contradiction, layout_behind, next_layout
from moodstream.audio.formats.uncompressed.layout import Layout
from moodstream.audio.formats.uncompressed.pcm import Pcm

STDIN = Path("-")
"""Name of standard input."""
CONTAINERS = (b"\x1aE\xdf\xa3", b"0&\xb2u\x8ef\xcf\x11", b"RIFF", b"FORM", b"MThd", b"#EXTM3U")
"""First bytes of files that may contain MPEG frames which are not their audio."""


def decoder_of(path: Path, raw: Layout | None) -> Decoder:
    """Return the decoder of a file, a pipe, or standard input if it is named ``-``.

    Args:
        path: of the file.
        raw: format of samples without a header; None if there is a header.

    Raises:
        DecodeError: it is not audio that can be decoded.
        OSError: it cannot be opened or read.
    """
    stream = ByteStream(_opened(path))
    try:
        return _chosen(path, stream, raw)
    except BaseException:
        stream.close()
        raise


def _opened(path: Path) -> BinaryIO:
    if path == STDIN:
        return open(os.dup(0), "rb", buffering=0)  # noqa: PTH123 - a file descriptor
    return path.open("rb", buffering=0)


def _chosen(path: Path, stream: ByteStream, raw: Layout | None) -> Decoder:
    if not stream.peek(1):
        raise DecodeError("is empty (0 bytes)")
    if raw:
        return Pcm(stream, raw)
    reasons = []
    try:
        with stream.trial():
            return _forward(stream)
    except DecodeError as error:
        reasons.append(str(error))
    if stream.length is not None:
        try:
            found = PathDecoder(path, contradiction(stream))
        except DecodeError as error:
            reasons.append(str(error))
        else:
            stream.close()
            return found
    try:
        return Media(stream)
    except DecodeError as error:
        reasons.append(str(error))
    raise DecodeError(f"not an audio file that can be read: {'; '.join(reasons)}")


def _forward(stream: ByteStream) -> Decoder:
    """Return the decoder of a format that is read forwards.

    Raises:
        DecodeError: it is another format.
    """
    skip_tags(stream)
    head = stream.peek(SEARCH)
    if head.startswith(b"fLaC"):
        return SegmentDecoder(stream, Flac(stream), rewinds=True)
    if head.startswith(b"OggS"):
        return SegmentDecoder(stream, Ogg(stream), rewinds=False)
    if layout := layout_behind(stream):
        return Pcm(stream, layout, next_layout)
    is_other = head.startswith(CONTAINERS) or head[4:8] == b"ftyp"
    if not is_other and first_frame(head, OPENING_FRAMES) is not None:
        return SegmentDecoder(stream, Mp3(stream), rewinds=False)
    raise DecodeError("its first bytes match no known format")
