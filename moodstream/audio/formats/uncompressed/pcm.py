"""Samples that need no decoder, only a byte order."""

import re
from collections.abc import Callable, Iterator

import numpy as np

from moodstream.arrays import Numbers
from moodstream.audio.formats.byte_stream import ByteStream
from moodstream.audio.formats.decoder import DecodeError, Piece
from moodstream.audio.formats.uncompressed.layout import ENCODINGS, Layout

FOREIGN_BYTES = 1 << 26
"""Largest plausible chunk after the audio, bytes."""
TOLERATED_S = 0.05
"""Seconds by which a header may promise more than there is: writers round to their blocks."""
CHUNK_NAME = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_- ")
BEGINNING = re.compile(
    rb"(?:RIFF|RIFX|RF64|BW64)....WAVE|FORM....AIF[CF]|caff\0\x01\0\0"
    rb"|riff\x2e\x91\xcf\x11|\.snd\0\0..(?:....)\0\0\0[\x01-\x1b]",
    re.DOTALL,
)
"""First bytes of a file with uncompressed samples; they find a file that follows another."""


class Pcm:
    """Samples after a header, or without one.

    Args:
        stream: at the first sample.
        layout: of the samples.
        following: reads the header of another file after this one; None looks for none.
    """

    def __init__(
        self,
        stream: ByteStream,
        layout: Layout,
        following: Callable[[ByteStream], Layout | None] | None = None,
    ) -> None:
        self._stream, self._layout, self._following = stream, layout, following
        self.rate, self.channels = layout.rate, layout.channels
        available = None if stream.length is None else stream.length - stream.position
        lengths = [length for length in (layout.length, available) if length is not None]
        self.estimated_n = min(lengths, default=0) // layout.frame
        self.fault = ""

    def pieces(self, block_n: int) -> Iterator[Piece]:
        """Yield the audio: what the header promises, and what follows if that is audio, too."""
        layout: Layout | None = self._layout
        while layout:
            yield from self._audio(layout, block_n)
            try:
                layout = self._following(self._stream) if self._following else None
            except DecodeError as error:
                layout = None
                self.fault = f"another file follows that cannot be read: {error}"

    def _audio(self, layout: Layout, block_n: int) -> Iterator[Piece]:
        left = layout.length
        read_n = 0
        while True:
            if left is not None and left < layout.frame and not (left := self._more(left)):
                return
            most = block_n * layout.frame
            if left is not None:
                most = min(most, left - left % layout.frame)
            data = self._stream.read(most)
            if left is not None:
                left -= len(data)
            data = data[: len(data) - len(data) % layout.frame]
            if not data:
                break
            read_n += len(data) // layout.frame
            yield Piece(decoded(data, layout), layout.rate)
        promised_n = (layout.length or 0) // layout.frame
        if layout.is_certain and promised_n - read_n > TOLERATED_S * layout.rate:
            self.fault = f"its header promises {promised_n / layout.rate:.1f} s"

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()

    def _more(self, left: int) -> int | None:
        """Return how much audio follows the promised length: all or nothing.

        A recorder that was killed may have left an old length in its header.
        """
        data = self._stream.peek(4096)
        name, size = data[left:][:8], int.from_bytes(data[left:][4:8], "little")
        if data[:1] == b"\0":  # the padding of an odd length
            name = name if set(name[:4]) <= CHUNK_NAME else data[1:9]
        is_foreign = (
            (set(name[:4]) <= CHUNK_NAME and size < FOREIGN_BYTES)
            or BEGINNING.match(data, left)
            or BEGINNING.match(data, left + 1)  # after a byte of padding
            or name[:3] in (b"TAG", b"ID3")
            or name.startswith(b"APETAGEX")
            or len(data) < 4096
            or not any(data)
        )
        return 0 if is_foreign else 1 << 62


def decoded(data: bytes, layout: Layout) -> Numbers:
    """Return samples [shape=(n, channels)], int16 of 16 bits, else float32 of full scale 1."""
    kind, _ = ENCODINGS[layout.encoding]
    order = ">" if layout.big_endian else "<"
    if layout.encoding == "s24":
        return _of_24_bits(data, layout).reshape(-1, layout.channels)
    values = np.frombuffer(data, f"{order}{kind}").reshape(-1, layout.channels)
    match layout.encoding:
        case "s16":
            return values.astype(np.int16, copy=False)
        case "u8":
            return (values.astype(np.float32) - 128) / np.float32(128)
        case "s8":
            return values.astype(np.float32) / np.float32(128)
        case "s32":
            return (values / 2.0**31).astype(np.float32)
        case "ulaw" | "alaw":
            table = ULAW if layout.encoding == "ulaw" else ALAW
            return np.take(table, values)
        case _:
            with np.errstate(
                over="ignore", invalid="ignore"
            ):  # the resampler finds what is no number
                return values.astype(np.float32)


def _of_24_bits(data: bytes, layout: Layout) -> Numbers:
    three = np.frombuffer(data, np.uint8).reshape(-1, 3)
    four = np.zeros((len(three), 4), np.uint8)
    four[:, 1:] = three[:, ::-1] if layout.big_endian else three
    return four.view("<i4")[:, 0].astype(np.float32) / np.float32(2.0**31)


def _ulaw() -> Numbers:
    """Return the samples of ITU-T G.711 mu-law by code [shape=(256,), float32]."""
    code = ~np.arange(256, dtype=np.uint8)
    magnitude = (((code & 15).astype(np.int32) << 3) + 132 << (code >> 4 & 7)) - 132
    return (np.where(code & 128, -magnitude, magnitude) / 2.0**15).astype(np.float32)


def _alaw() -> Numbers:
    """Return the samples of ITU-T G.711 A-law by code [shape=(256,), float32]."""
    code = np.arange(256, dtype=np.uint8) ^ 0x55
    step, segment = (code & 15).astype(np.int32) << 4, (code >> 4 & 7).astype(np.int32)
    magnitude = np.where(segment, step + 0x108 << np.maximum(segment - 1, 0), step + 8)
    return (np.where(code & 128, magnitude, -magnitude) / 2.0**15).astype(np.float32)


ULAW, ALAW = _ulaw(), _alaw()
