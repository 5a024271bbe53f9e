"""FFmpeg's libraries, through PyAV, as a decoder for formats that libsndfile lacks."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from moodstream.audio.formats.byte_stream import ByteStream
from moodstream.audio.formats.decoder import DecodeError, Piece
from moodstream.audio.formats.frames import error_text, frames, samples
from moodstream.audio.formats.ogg import unfinished
from moodstream.audio.formats.tags import skip_tags
from moodstream.audio.formats.uncompressed.headers import contradiction

INSTALL = "pip install 'moodstream[media]'"
"""Command that installs PyAV."""
CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,asf,aac,ac3,eac3,avi,flv,mpegts,mpeg,ape,wv,tta,dsf,iff,"
    "amr,ogg,flac,wav,w64,aiff,caf,au,tak,mpc,mpc8,dts,truehd,rm,voc,oma,shn,nut"
)
"""FFmpeg's names of the allowed formats: no playlists, which could name other files."""
TIMED = frozenset(("mov", "mp4", "matroska", "webm", "asf"))
"""Containers whose length is stored, not estimated from a bit rate."""
TOLERATED_S = 0.5
"""Seconds by which a container may promise more than it holds."""
GAP_S = 0.25
"""Seconds between two frames from which a gap is reported."""


def is_installed() -> bool:
    """Return whether PyAV is installed."""
    return find_spec("av") is not None


class Media:
    """The first audio stream of a container.

    Args:
        stream: at its beginning; closed with this.

    Raises:
        DecodeError: PyAV is not installed, or the stream holds no audio that FFmpeg knows.
    """

    def __init__(self, stream: ByteStream) -> None:
        if not is_installed():
            raise DecodeError(f"this format needs FFmpeg's libraries: {INSTALL}")
        import av  # noqa: PLC0415 - 60 MB that most files do not need

        self._av = av
        self._stream = stream
        skip_tags(stream)
        self.fault = contradiction(stream) or _second_file(stream) or unfinished(stream)
        self._container: Any
        try:
            self._container = av.open(
                _File(stream) if stream.length is None else _SeekableFile(stream),
                options={"format_whitelist": CONTAINERS},
                metadata_errors="replace",
            )
        except (av.FFmpegError, OSError, ValueError) as error:
            raise DecodeError(f"FFmpeg finds: {error_text(error)}") from error
        if not self._container.streams.audio:
            self._container.close()
            raise DecodeError("it contains no audio")
        self._audio: Any = self._container.streams.audio[0]
        self.rate = int(self._audio.rate or 0)
        self.channels = int(self._audio.channels or 0)
        duration = self._audio.duration
        self._promised_s = float(duration * self._audio.time_base) if duration else 0.0
        if not self._promised_s and self._container.duration:
            self._promised_s = self._container.duration / av.time_base
        self.estimated_n = max(0, round(self._promised_s * self.rate))

    def pieces(self, block_n: int) -> Iterator[Piece]:
        """Yield the audio."""
        decoded_s = 0.0
        expected_s: float | None = None
        for frame in frames(self._av, self._container, self._audio, self._take):
            try:
                decoded = samples(self._av, frame)
            except self._av.FFmpegError as error:
                self._take(error)
                continue
            decoded_s += len(decoded) / frame.sample_rate
            if frame.time is not None:
                if expected_s is not None and frame.time - expected_s > GAP_S:
                    self._note(f"{frame.time - expected_s:.1f} s are missing within it")
                expected_s = frame.time + len(decoded) / frame.sample_rate
            for at in range(0, len(decoded), block_n):
                yield Piece(decoded[at : at + block_n], frame.sample_rate)
        is_timed = not TIMED.isdisjoint(self._container.format.name.split(","))
        if is_timed and decoded_s < self._promised_s - TOLERATED_S:
            self._note(f"its header promises {self._promised_s:.1f} s")

    def close(self) -> None:
        """Close the container and the stream."""
        self._container.close()
        self._stream.close()

    def _take(self, error: Exception) -> None:
        self._note(error_text(error))

    def _note(self, fault: str) -> None:
        self.fault = self.fault or fault


def _second_file(stream: ByteStream) -> str:
    """Return a complaint if another MP4 file follows in this file, otherwise "".

    Its top level is a row of boxes, each with its length and its name (ISO 14496-12).
    """
    at, files = stream.position, 0
    while len(head := stream.at(at, 16)) == 16:
        length, name = int.from_bytes(head[:4], "big"), head[4:8]
        if name == b"ftyp":
            files += 1
        if not files or files > 1:
            break
        if length == 1:
            length = int.from_bytes(head[8:], "big")
        if length < 8:
            break
        at += length
    return f"another file follows at byte {at} and is not read" if files > 1 else ""


class _File:
    """A stream that can only be read forwards, in the form that PyAV takes."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    def read(self, count: int) -> bytes:
        return self._stream.read(count)


class _SeekableFile:
    """A file in the form that PyAV takes."""

    def __init__(self, stream: ByteStream) -> None:
        self._begin = stream.position
        self._raw = stream.rewound()

    def read(self, count: int) -> bytes:
        return self._raw.read(count)

    def seek(self, offset: int, whence: int = 0) -> int:
        begin = self._begin if whence == 0 else 0
        return self._raw.seek(begin + offset, whence) - self._begin

    def tell(self) -> int:
        return self._raw.tell() - self._begin
