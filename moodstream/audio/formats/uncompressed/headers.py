"""Headers of files with uncompressed samples: WAV, RF64, W64, AIFF, AU and CAF."""

import struct

from moodstream.audio.formats.byte_stream import CHUNK, ByteStream
from moodstream.audio.formats.decoder import DecodeError
from moodstream.audio.formats.uncompressed.layout import Layout
from moodstream.audio.formats.uncompressed.pcm import BEGINNING

OPENING = 64
"""Size of the longest start that identifies a header, bytes; writers miscount a file by less."""
PREAMBLE = 1 << 24
"""Largest chunk before the audio, bytes; anything longer is not a header."""
WAV_INTEGERS = {8: "u8", 16: "s16", 24: "s24", 32: "s32"}
INTEGERS = {8: "s8", 16: "s16", 24: "s24", 32: "s32"}
FLOATS = {32: "f32", 64: "f64"}
EXTENSIBLE = 0xFFFE
"""WAV's format tag that names the real one in its extension."""
AU_ENCODINGS = {1: "ulaw", 2: "s8", 3: "s16", 4: "s24", 5: "s32", 6: "f32", 7: "f64", 27: "alaw"}
AIFC_ENCODINGS = {
    b"NONE": "", b"twos": "", b"sowt": "", b"raw ": "u8", b"in24": "s24", b"in32": "s32",
    b"fl32": "f32", b"FL32": "f32", b"fl64": "f64", b"FL64": "f64",
    b"ulaw": "ulaw", b"ULAW": "ulaw", b"alaw": "alaw", b"ALAW": "alaw",
}  # fmt: skip
W64_RIFF = bytes.fromhex("726966662e91cf11a5d628db04c10000")
W64_ENDING = bytes.fromhex("f3acd3118cd100c04f8edb8a")
"""Last bytes of Sony Wave64's names of chunks; the first four are as in WAV."""


def layout_behind(stream: ByteStream) -> Layout | None:
    """Read the header and return the format of the samples after it.

    Returns:
        None, with the stream as it was, if no known header begins here.

    Raises:
        DecodeError: the samples are compressed, or the header is damaged.
    """
    head = stream.peek(16)
    try:
        if head[:4] in (b"RIFF", b"RIFX", b"RF64", b"BW64") and head[8:12] == b"WAVE":
            return _wav(stream, big_endian=head[:4] == b"RIFX")
        if head == W64_RIFF:
            return _w64(stream)
        if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
            return _aiff(stream)
        if head[:4] in (b".snd", b"dns."):
            return _au(stream, big_endian=head[:4] == b".snd")
        if head[:4] == b"caff":
            return _caf(stream)
    except (struct.error, IndexError, ZeroDivisionError) as error:
        raise DecodeError("its header is damaged") from error
    return None


def next_layout(stream: ByteStream) -> Layout | None:
    """Skip bytes that are not audio, and read the header of the next file; None if there is none.

    Raises:
        DecodeError: its samples are compressed, or its header is damaged.
    """
    while data := stream.peek(2 * CHUNK):
        if found := BEGINNING.search(data):
            stream.skip(found.start())
            return layout_behind(stream)
        stream.skip(max(CHUNK, len(data) - OPENING))
    return None


def contradiction(stream: ByteStream) -> str:
    """Return a complaint if a RIFF file is longer or shorter than its header says, otherwise ""."""
    head = stream.at(0, 8)
    whole = 8 + int.from_bytes(head[4:8], "little")
    is_known = head[:4] == b"RIFF" and 8 < whole < 0x7FFF0000
    if not is_known or stream.length is None:
        return ""
    if stream.length < whole - OPENING:
        return f"its header promises {whole} bytes, there are {stream.length}"
    is_followed = BEGINNING.match(stream.at(whole + whole % 2, OPENING))
    return f"another file follows at byte {whole} and is not read" if is_followed else ""


def _chunk(stream: ByteStream, size: int) -> bytes:
    """Process a chunk of the header."""
    if size > PREAMBLE:
        raise DecodeError(f"its header is damaged: a chunk of {size} bytes")
    return stream.read(size)


def _wav(stream: ByteStream, *, big_endian: bool) -> Layout:
    order = ">" if big_endian else "<"
    opening = stream.read(12)
    form: bytes | None = None
    wide_length = 0
    while len(head := stream.read(8)) == 8:
        name, (size,) = head[:4], struct.unpack(f"{order}I", head[4:])
        if name == b"data":
            if form is None:
                raise DecodeError("its header is damaged: the format is not given")
            length: int | None = size
            if size == 0xFFFFFFFF and opening[:4] in (b"RF64", b"BW64"):
                length = wide_length or None
            whole = struct.unpack(f"{order}I", opening[4:8])[0]
            return _riff_layout(stream, form, length, whole, order)
        content = _chunk(stream, size + size % 2)
        if name == b"fmt ":
            form = content
        elif name == b"ds64":
            wide_length = int(struct.unpack("<Q", content[8:16])[0])
    raise DecodeError("its header holds no audio")


def _riff_layout(
    stream: ByteStream, form: bytes, length: int | None, whole: int, order: str
) -> Layout:
    """Return the layout from the format chunk of WAV or W64; check the length."""
    tag, channels, rate, _, block, bits = struct.unpack(f"{order}HHIIHH", form[:16])
    if tag == EXTENSIBLE and len(form) >= 26:
        (tag,) = struct.unpack(f"{order}H", form[24:26])
    width = 8 * block // channels if channels and block % max(1, channels) == 0 else bits
    encoding = {1: WAV_INTEGERS.get(width), 3: FLOATS.get(width), 6: "alaw", 7: "ulaw"}.get(tag)
    if not encoding:
        raise DecodeError(f"its samples are compressed (format {tag:#x}, {bits} bits)")
    if not channels or not rate:
        raise DecodeError(f"its header is damaged: {channels} channels of {rate} Hz")
    if length is not None and _is_unknown(stream, length, whole):
        length = None
    return Layout(rate, channels, encoding, big_endian=order == ">", length=length)


def _is_unknown(stream: ByteStream, length: int, whole: int) -> bool:
    """Return whether a length is a placeholder that writers use when it is unknown.

    Placeholders are 0 and about 2 or 4 GB (ffmpeg, sox, arecord, GStreamer), unless the file really
    is that long.
    """
    if length == 0:
        next_name = stream.peek(4)
        is_chunk = len(next_name) == 4 and next_name.isascii() and next_name.isalnum()
        return not is_chunk and (whole in (0, 0xFFFFFFFF) or bool(next_name))
    nearly = any(limit - 0x20000 <= length <= limit for limit in (0x7FFFFFFF + 1, 0xFFFFFFFF))
    available = None if stream.length is None else stream.length - stream.position
    return nearly and (available is None or available < length)


def _w64(stream: ByteStream) -> Layout:
    stream.skip(40)
    form: bytes | None = None
    while len(head := stream.read(24)) == 24:
        name, size = head[:4], struct.unpack("<Q", head[16:])[0]
        if name == b"data" and head[4:16] == W64_ENDING:
            if form is None:
                raise DecodeError("its header is damaged: the format is not given")
            is_known = 24 < size < 1 << 48
            return _riff_layout(stream, form, size - 24 if is_known else None, 0, "<")
        content = _chunk(stream, max(0, size - 24 + -size % 8))
        if name == b"fmt ":
            form = content
    raise DecodeError("its header holds no audio")


def _aiff(stream: ByteStream) -> Layout:
    is_compressed = stream.read(12)[8:] == b"AIFC"
    layout: tuple[int, int, str, bool] | None = None
    while len(head := stream.read(8)) == 8:
        name, (size,) = head[:4], struct.unpack(">I", head[4:])
        if name == b"SSND":
            if layout is None:
                raise DecodeError("its header is damaged: the format is not given")
            (offset,) = struct.unpack(">I", stream.read(8)[:4])
            stream.skip(offset if offset < PREAMBLE else 0)
            length = size - 8 - offset
            if length <= 0 or _is_unknown(stream, length, 0):
                length = None
            rate, channels, encoding, big_endian = layout
            return Layout(rate, channels, encoding, big_endian, length)
        content = _chunk(stream, size + size % 2)
        if name == b"COMM":
            layout = _common(content, is_compressed=is_compressed)
    raise DecodeError("its header holds no audio")


def _common(content: bytes, *, is_compressed: bool) -> tuple[int, int, str, bool]:
    """Return rate, channels, encoding and whether it is big endian of AIFF's COMM chunk."""
    channels, _, bits = struct.unpack(">hIh", content[:8])
    exponent, mantissa = struct.unpack(">HQ", content[8:18])
    rate = round(mantissa * 2.0 ** ((exponent & 0x7FFF) - 16383 - 63)) if exponent < 17000 else 0
    kind = content[18:22] if is_compressed else b"NONE"
    encoding = AIFC_ENCODINGS.get(kind)
    if encoding == "":
        encoding = INTEGERS.get((bits + 7) // 8 * 8)
    if not encoding:
        raise DecodeError(f"its samples are compressed ({kind.decode('latin-1')})")
    if channels <= 0 or rate <= 0:
        raise DecodeError(f"its header is damaged: {channels} channels of {rate} Hz")
    return rate, channels, encoding, kind != b"sowt"


def _au(stream: ByteStream, *, big_endian: bool) -> Layout:
    order = ">" if big_endian else "<"
    head = stream.read(24)
    offset, size, code, rate, channels = struct.unpack(f"{order}5I", head[4:])
    if code not in AU_ENCODINGS:
        raise DecodeError(f"its samples are compressed (encoding {code})")
    if not channels or not rate or not 24 <= offset < PREAMBLE:
        raise DecodeError(f"its header is damaged: {channels} channels of {rate} Hz")
    stream.skip(offset - 24)
    length = None if size in (0, 0xFFFFFFFF) or _is_unknown(stream, size, 0) else size
    return Layout(rate, channels, AU_ENCODINGS[code], big_endian, length)


def _caf(stream: ByteStream) -> Layout:
    stream.skip(8)
    layout: Layout | None = None
    while len(head := stream.read(12)) == 12:
        name, size = head[:4], struct.unpack(">q", head[4:])[0]
        if name == b"data":
            stream.skip(4)  # the count of edits
            if layout is None:
                raise DecodeError("its header is damaged: the format is not given")
            length = None if size <= 4 else size - 4
            return Layout(layout.rate, layout.channels, layout.encoding, layout.big_endian, length)
        content = _chunk(stream, size)
        if name == b"desc":
            layout = _caf_layout(content)
    raise DecodeError("its header holds no audio")


def _caf_layout(content: bytes) -> Layout:
    rate, kind, flags, _, _, channels, bits = struct.unpack(">d4s5I", content[:32])
    integers = INTEGERS.get((bits + 7) // 8 * 8)
    known = {b"lpcm": FLOATS.get(bits) if flags & 1 else integers, b"ulaw": "ulaw", b"alaw": "alaw"}
    encoding = known.get(kind)
    if not encoding:
        raise DecodeError(f"its samples are compressed ({kind.decode('latin-1')})")
    if not channels or not 0 < rate < 1e9:
        raise DecodeError(f"its header is damaged: {channels} channels of {rate:g} Hz")
    return Layout(round(rate), channels, encoding, big_endian=not flags & 2)
