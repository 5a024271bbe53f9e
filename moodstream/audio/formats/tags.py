"""Tags that other programs write before, between and after the audio."""

from moodstream.audio.formats.byte_stream import ByteStream

ID3V1_BYTES = 128
APE_BYTES = 32
"""Bytes of the header, and of the footer, of an APE tag."""
LYRICS_LIMIT = 5100
"""Largest size of a Lyrics3 version 1 tag by its specification, bytes."""


def skip_tags(stream: ByteStream) -> bool:
    """Drop the tags that begin here; return whether there were any."""
    begun = stream.position
    while length := _tag_length(stream):
        if not stream.skip(length):
            break
    return stream.position > begun


def _tag_length(stream: ByteStream) -> int:
    """Return the bytes of the tag that begins here, 0 if none does."""
    head = stream.peek(APE_BYTES)
    if head[:3] == b"ID3" and len(head) >= 10 and max(head[6:10]) < 0x80:
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        return 10 + size + (10 if head[5] & 0x10 else 0)
    if head[:3] == b"TAG":
        return ID3V1_BYTES
    if head[:8] == b"APETAGEX" and len(head) == APE_BYTES:
        is_header = head[23] & 0x20
        return APE_BYTES + (int.from_bytes(head[12:16], "little") if is_header else 0)
    if head[:11] == b"LYRICSBEGIN":
        return _lyrics_length(stream)
    return 0


def _lyrics_length(stream: ByteStream) -> int:
    content = stream.peek(1 << 20)
    ends = [at + 9 for end in (b"LYRICS200", b"LYRICSEND") if (at := content.find(end)) > 0]
    return min(ends, default=min(len(content), LYRICS_LIMIT))
