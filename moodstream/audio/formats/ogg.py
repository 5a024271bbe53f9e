"""Ogg, page by page: chained streams become segments, and first granule positions are corrected."""

import zlib
from collections.abc import Iterator

from moodstream.audio.formats.byte_stream import ByteStream
from moodstream.audio.formats.decoder import DecodeError, Segment

HEADER = 27
"""Bytes of a page's header before its segment table (RFC 3533)."""
CONTINUED, FIRST, LAST = 1, 2, 4
"""Flags of a page."""
CODECS = {b"\x01vorbis": "vorbis", b"OpusHead": "opus"}
"""Codecs by the beginning of their first packet."""
OPUS_RATE = 48000
"""Hertz of Opus granule positions (RFC 7845)."""
BATCH = 1 << 14
"""Bytes of pages that are passed on at once, at least."""
LONGEST_PAGE = HEADER + 255 + 255 * 255
REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""Bytes with their bits in the opposite order."""
OPUS_FRAME_N = (480, 960, 1920, 2880)
"""Samples of a frame of SILK by configuration."""


class Page:
    """One page.

    Args:
        data: all of its bytes.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.flags = data[5]
        self.granule = int.from_bytes(data[6:14], "little", signed=True)
        """Position of the last sample that ends in this page, -1 if none does."""
        self.serial = data[14:18]
        self.sequence = int.from_bytes(data[18:22], "little")
        table = data[HEADER : HEADER + data[26]]
        self.body = data[HEADER + len(table) :]
        self.ends = [sum(table[: i + 1]) for i, length in enumerate(table) if length < 255]
        """Ends of the packets that end in this page, bytes of its body."""

    def moved(self, by_n: int) -> bytes:
        """Return the page with another granule position."""
        granule = (self.granule + by_n).to_bytes(8, "little", signed=True)
        data = self.data[:6] + granule + self.data[14:22] + bytes(4) + self.data[26:]
        return data[:22] + checksum(data).to_bytes(4, "little") + data[26:]


def checksum(data: bytes) -> int:
    """Return Ogg's CRC of a page whose checksum field is zero.

    It is zlib's with the bits of each byte in the opposite order, begun and ended without ones.
    """
    crc = zlib.crc32(data.translate(REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{crc:032b}"[::-1], 2)


class Ogg:
    """An Ogg stream of Vorbis or Opus, as one segment for each link.

    Args:
        stream: at its first page.

    Raises:
        DecodeError: its codec is another, or unknown.
    """

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self.fault = ""
        """Reason why audio is missing, if any is."""
        self._next: Page | None = self._page()
        if not self._next or not _codec(self._next):
            raise DecodeError("this Ogg stream begins with neither Vorbis nor Opus")
        body = self._next.body
        self._is_opus = _codec(self._next) == "opus"
        self.channels = body[9] if self._is_opus else body[11]
        self.rate = int.from_bytes(body[12:16], "little")
        self.estimated_n = self._estimated_n(OPUS_RATE if self._is_opus else self.rate)

    def segments(self) -> Iterator[Segment]:
        """Yield the links; each must be read to its end before the next is asked for."""
        while self._next:
            yield Segment(self._link())

    def _link(self) -> Iterator[bytes]:
        """Yield the pages of the first audio stream of this link."""
        moved_n: int | None = None
        held = b""
        for page in self._audio_pages():
            if moved_n is None and page.granule > 0:
                moved_n = _missing_n(page) if self._is_opus else 0
            held += page.moved(moved_n) if moved_n and page.granule > 0 else page.data
            if len(held) > BATCH:
                yield held
                held = b""
        if held:
            yield held

    def _audio_pages(self) -> Iterator[Page]:
        """Yield the pages of the first audio stream of this link; stop before the next link."""
        page = self._next
        while page and not _codec(page):
            page = self._page()
        first, before = page, page
        while page and first:
            if page.serial == first.serial:
                if before and page.sequence > before.sequence + 1:
                    self._note("pages are missing or damaged")
                self._is_opus = _codec(first) == "opus"
                yield page
                before = page
            page = self._page()
            has_ended = bool(before and before.flags & LAST)
            if page and page.flags & FIRST and (has_ended or page.serial == first.serial):
                break
        self._next = page
        if before and not before.flags & LAST:
            self._note("it ends before its last page")

    def _estimated_n(self, granule_rate: int) -> int:
        """Return the number of samples according to the last page of a file, 0 for a pipe."""
        tail = self._stream.tail(LONGEST_PAGE)
        at = tail.rfind(b"OggS")
        if at < 0:
            return 0
        granule = int.from_bytes(tail[at + 6 : at + 14], "little", signed=True)
        return max(0, granule * self.rate // granule_rate)

    def _page(self) -> Page | None:
        """Return the next page, None at the end."""
        while True:
            self._skip_to_page()
            header = self._stream.peek(HEADER)
            table = (
                self._stream.peek(HEADER + header[26])[HEADER:] if len(header) == HEADER else b""
            )
            if not header or len(header) < HEADER or len(table) < header[26]:
                if header:
                    self._note("it ends within a page")
                return None
            length = HEADER + len(table) + sum(table)
            data = self._stream.peek(length)
            if len(data) < length:
                self._note("it ends within a page")
                return None
            if checksum(data[:22] + bytes(4) + data[26:]) == int.from_bytes(data[22:26], "little"):
                self._stream.skip(length)
                return Page(data)
            self._note("a page is damaged")
            self._stream.skip(4)

    def _skip_to_page(self) -> None:
        """Drop bytes that are not a page."""
        while (data := self._stream.peek(1 << 16)) and not data.startswith(b"OggS"):
            at = data.find(b"OggS")
            if at < 0 and len(data) < 1 << 16:
                at = len(data)
            self._stream.skip(at if at > 0 else len(data) - 3)

    def _note(self, fault: str) -> None:
        self.fault = self.fault or fault


def unfinished(stream: ByteStream) -> str:
    """Return a complaint if an Ogg file of any codec lacks its last page, otherwise ""."""
    tail = stream.tail(LONGEST_PAGE)
    at = tail.rfind(b"OggS")
    if stream.peek(4) != b"OggS" or at < 0 or (len(tail) > at + 5 and tail[at + 5] & LAST):
        return ""
    return "it ends before its last page"


def _codec(page: Page) -> str:
    if not page.flags & FIRST:
        return ""
    return next((codec for mark, codec in CODECS.items() if page.body.startswith(mark)), "")


def _missing_n(page: Page) -> int:
    """Return the samples by which the first granule position is too low for its page.

    Some writers begin with a negative position; libsndfile refuses that.
    """
    begin, samples_n = 0, 0
    for end in page.ends:
        samples_n += opus_samples_n(page.body[begin:end])
        begin = end
    return 0 if page.flags & LAST else max(0, samples_n - page.granule)


def opus_samples_n(packet: bytes) -> int:
    """Return the samples of an Opus packet at 48 kHz (RFC 6716, section 3.1)."""
    if not packet:
        return 0
    configuration, code = packet[0] >> 3, packet[0] & 3
    if configuration < 12:
        frame_n = OPUS_FRAME_N[configuration & 3]
    elif configuration < 16:
        frame_n = OPUS_FRAME_N[configuration & 1]
    else:
        frame_n = 120 << (configuration & 3)
    frames = (1, 2, 2, packet[1] & 63 if len(packet) > 1 else 0)[code]
    return frames * frame_n
