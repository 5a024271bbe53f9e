"""MPEG audio, frame by frame: every byte belongs to a frame or a tag, or counts as damage."""

from collections.abc import Iterator
from dataclasses import dataclass

from moodstream.audio.formats.byte_stream import ByteStream
from moodstream.audio.formats.decoder import DecodeError, Segment
from moodstream.audio.formats.tags import skip_tags

SEARCH = 1 << 16
"""Bytes in which a frame must be found at the beginning."""
OPENING_FRAMES = 5
"""Frames that must follow the first one: any file contains bytes that look like one or two."""
BATCH = 1 << 15
"""Bytes of frames that are passed on at once, at least."""
DECODER_DELAY_N = 529
"""Samples by which every decoder of layer III lags, as LAME counts them."""
TOLERATED_FRAMES = 2
"""Frames by which even headers of intact files may be wrong."""
BIT_RATES = {
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits a second by (version, layer), ISO 11172-3 and 13818-3; 2.5 is as 2.

Layer I is left out: no music uses it, and machine code looks like it.
"""
INFORMATION = (b"Xing", b"Info", b"VBRI")
"""Marks of frames that contain the length of a stream instead of audio."""
LONGEST = 4 * 2881
"""Bytes to keep when a batch contains no frame: one may begin among them."""
TOLERATED_BYTES = 4
"""Bytes outside frames that do not yet count as damage; zeros are not counted."""
RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Hertz by the version bits of the header."""


@dataclass(frozen=True)
class Header:
    """The header of a frame."""

    length: int
    """Bytes of the frame."""
    samples_n: int
    """Samples of each channel."""
    rate: int
    """Hertz."""
    layer: int
    mono: bool
    mpeg1: bool

    @property
    def kind(self) -> tuple[int, int, bool, bool]:
        """Properties that stay the same throughout a stream."""
        return self.rate, self.layer, self.mono, self.mpeg1


def _header(second: int, third: int, mono: bool) -> Header | None:
    version, layer = second >> 3 & 3, 4 - (second >> 1 & 3)
    bit_rate, rate = third >> 4, third >> 2 & 3
    if second < 0xE0 or version == 1 or layer not in (2, 3) or bit_rate in (0, 15) or rate == 3:
        return None
    mpeg1 = version == 3
    hertz, padding = RATES[version][rate], third >> 1 & 1
    bits = 1000 * BIT_RATES[1 if mpeg1 else 2, layer][bit_rate - 1]
    samples_n = 1152 if mpeg1 or layer == 2 else 576
    return Header(samples_n // 8 * bits // hertz + padding, samples_n, hertz, layer, mono, mpeg1)


HEADERS = {
    bytes((second, third, mono << 6)): header
    for second in range(0xE0, 0x100)
    for third in range(0x100)
    for mono in (0, 1, 2, 3)
    if (header := _header(second, third, mono == 3))
}
"""Every valid header by its second and third byte and the channel mode of its fourth."""


def header_at(data: bytes, at: int) -> Header | None:
    """Return the header at this offset, None if there is none."""
    if len(data) < at + 4 or data[at] != 0xFF:
        return None
    return HEADERS.get(bytes((data[at + 1], data[at + 2], data[at + 3] & 0xC0)))


def first_frame(data: bytes, count: int = 2) -> int | None:
    """Return the offset of the first frame that ``count`` others follow, None without any."""
    at = data.find(b"\xff")
    while at >= 0:
        if (first := header_at(data, at)) and _followed(data, at, first, count):
            return at
        at = data.find(b"\xff", at + 1)
    return None


def _followed(data: bytes, at: int, first: Header, count: int) -> bool:
    """Return whether frames of the same kind follow, or the data end before they could."""
    header: Header | None = None
    for done in range(count):
        at += first.length if done == 0 or not header else header.length
        if at + 4 > len(data):
            return at == len(data) or (done > 0 and count < OPENING_FRAMES)
        if data[at : at + 3] in (b"TAG", b"ID3", b"APE", b"LYR"):
            return True
        header = header_at(data, at)
        if not header or header.kind != first.kind:
            return False
    return True


@dataclass
class _Info:
    """The Xing, Info or VBRI frame that opens a stream."""

    frames: int = 0
    """Frames that follow, 0 if unknown."""
    delay_n: int = 0
    """Samples that the encoder put before the audio."""
    padding_n: int = 0
    """Samples that the encoder put behind the audio."""
    gapless: bool = False


def _info(frame: bytes, header: Header) -> _Info | None:
    """Return what an information frame says, None if the frame holds audio."""
    if header.layer != 3:
        return None
    if frame[36:40] == b"VBRI":
        return _Info(int.from_bytes(frame[50:54], "big"))
    side = (17 if header.mono else 32) if header.mpeg1 else (9 if header.mono else 17)
    at = 4 + side
    if frame[at : at + 4] not in (b"Xing", b"Info"):
        return None
    flags = int.from_bytes(frame[at + 4 : at + 8], "big")
    info = _Info(int.from_bytes(frame[at + 8 : at + 12], "big") if flags & 1 else 0)
    lame = at + 8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1)
    lame += 4 * (flags >> 3 & 1)
    if frame[lame : lame + 4] in (b"LAME", b"Lavf", b"Lavc") and len(frame) >= lame + 24:
        both = int.from_bytes(frame[lame + 21 : lame + 24], "big")
        info.delay_n, info.padding_n, info.gapless = both >> 12, both & 0xFFF, True
    return info


class Mp3:
    """A stream of MPEG audio, as segments that each hold frames of one kind.

    Args:
        stream: at its beginning, or behind the tags there.

    Raises:
        DecodeError: there are no frames.
    """

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self.fault = ""
        """Reason why audio is missing, if any is."""
        self._passed_s = 0.0
        at = first_frame(stream.peek(SEARCH), OPENING_FRAMES)
        if at is None:
            raise DecodeError("no MPEG audio frames were found")
        stream.skip(at)
        first = header_at(stream.peek(4), 0)
        assert first  # noqa: S101 - that is where it was found
        self.rate = first.rate
        self.channels = 1 if first.mono else 2
        info = _info(stream.peek(first.length), first)
        self.estimated_n = info.frames * first.samples_n if info else 0
        if not self.estimated_n and stream.length:
            frames = (stream.length - stream.position) // first.length
            self.estimated_n = frames * first.samples_n

    def segments(self) -> Iterator[Segment]:
        """Yield runs of frames of one kind; an information frame opens a new one.

        Each must be read to its end before the next is asked for.
        """
        while header := header_at(self._stream.peek(4), 0):
            info = _info(self._stream.peek(header.length), header)
            if info:
                self._stream.skip(header.length)
            segment = Segment(self._frames(header, info))
            if info and info.gapless:
                segment.skip_n = info.delay_n + DECODER_DELAY_N
                audio_n = info.frames * header.samples_n - info.delay_n - info.padding_n
                segment.length_n = audio_n if audio_n > 0 else None
            yield segment

    def _frames(self, first: Header, info: _Info | None) -> Iterator[bytes]:
        """Yield the frames of one kind, many at once."""
        count = 0
        while True:
            length, frames = _run(self._stream.peek(BATCH), first.kind)
            if frames:
                count += frames
                self._passed_s += frames * first.samples_n / first.rate
                yield self._stream.read(length)
            elif not self._goes_on(first.kind):
                break
        if info and count < info.frames - TOLERATED_FRAMES:
            whole_s = info.frames * first.samples_n / first.rate
            self._note(f"its header promises {whole_s:.1f} s")

    def _goes_on(self, kind: tuple[int, int, bool, bool]) -> bool:
        """Skip bytes that are not a frame; return whether this segment may continue."""
        stream = self._stream
        skip_tags(stream)
        data = stream.peek(BATCH)
        if not data:
            return False
        at = first_frame(data)
        header = header_at(data, 0)
        if at == 0 and header:
            return header.kind == kind and not _info(data[: header.length], header)
        if header and header.length > len(data):
            self._note("it ends in the middle of a frame")
            at = len(data)
        elif at is None:
            at = max(1, len(data) - LONGEST) if len(data) == BATCH else len(data)
        dropped = stream.read(at)
        if len(dropped) - dropped.count(0) > TOLERATED_BYTES and not header:
            self._note(f"{len(dropped)} bytes at {self._passed_s:.1f} s are not MPEG audio")
        return True

    def _note(self, fault: str) -> None:
        self.fault = self.fault or fault


def _run(data: bytes, kind: tuple[int, int, bool, bool]) -> tuple[int, int]:
    """Return the bytes and the number of the whole frames of this kind that begin here."""
    may_inform = any(mark in data for mark in INFORMATION)
    at = frames = 0
    while (header := header_at(data, at)) and header.kind == kind:
        end = at + header.length
        if end > len(data) or (may_inform and _info(data[at:end], header)):
            break
        at = end
        frames += 1
    return at, frames
