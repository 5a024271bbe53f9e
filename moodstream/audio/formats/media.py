"""FFmpeg's libraries as a decoder of what libsndfile does not know, by PyAV."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np

from moodstream.audio.formats.byte_stream import ByteStream
from moodstream.audio.formats.decoder import DecodeError, Piece

INSTALL = "pip install 'moodstream[media]'"
"""Command that installs PyAV."""
CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,asf,aac,ac3,eac3,avi,flv,mpegts,mpeg,ape,wv,tta,dsf,iff,"
    "amr,ogg,flac,wav,w64,aiff,caf,au,tak,mpc,mpc8,dts,truehd,rm,voc,oma,shn,nut"
)
"""FFmpeg's names of what may be opened: no playlist, which could name other files."""
TIMED = frozenset(("mov", "mp4", "matroska", "webm", "asf"))
"""Containers whose length is written down, and not guessed from a bit rate."""
TOLERATED_S = 0.5
"""Seconds by which a container may promise more than it holds."""


def is_installed() -> bool:
    """Say whether PyAV is there."""
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
            raise DecodeError("it holds no audio")
        self._audio: Any = self._container.streams.audio[0]
        self.rate = int(self._audio.rate or 0)
        self.channels = int(self._audio.channels or 0)
        duration = self._audio.duration
        self._promised_s = float(duration * self._audio.time_base) if duration else 0.0
        if not self._promised_s and self._container.duration:
            self._promised_s = self._container.duration / av.time_base
        self.estimated_n = max(0, round(self._promised_s * self.rate))
        self.fault = ""

    def pieces(self, block_n: int) -> Iterator[Piece]:
        """Yield the audio."""
        decoded_s = 0.0
        for frame in self._frames():
            samples = self._samples(frame)
            decoded_s += len(samples) / frame.sample_rate
            for at in range(0, len(samples), block_n):
                yield Piece(samples[at : at + block_n], frame.sample_rate)
        is_timed = not TIMED.isdisjoint(self._container.format.name.split(","))
        if is_timed and decoded_s < self._promised_s - TOLERATED_S:
            self._note(f"its header promises {self._promised_s:.1f} s")

    def close(self) -> None:
        """Close the container and the stream."""
        self._container.close()
        self._stream.close()

    def _frames(self) -> Iterator[Any]:
        """Yield decoded frames; step over packets that cannot be decoded."""
        error_kind = self._av.FFmpegError
        packets = self._container.demux(self._audio)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, EOFError):
                return
            except error_kind as error:
                self._note(error_text(error))
                return
            try:
                yield from packet.decode()
            except EOFError:
                return
            except error_kind as error:
                self._note(error_text(error))

    def _samples(self, frame: Any) -> Any:
        """Return the samples of a frame [shape=(n, channels), float32]."""
        if frame.format.name != "fltp":
            resampler = self._av.AudioResampler("fltp", frame.layout, frame.sample_rate)
            parts = [part.to_ndarray() for part in resampler.resample(frame)]
            parts += [part.to_ndarray() for part in resampler.resample(None)]
            return np.concatenate(parts, axis=1).T
        return frame.to_ndarray().T

    def _note(self, fault: str) -> None:
        self.fault = self.fault or fault


def error_text(error: Exception) -> str:
    """Return what FFmpeg says of an error, without the name of our file object."""
    return str(getattr(error, "strerror", None) or error).lower()


class _File:
    """A stream that can only be read, as PyAV takes it."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    def read(self, count: int) -> bytes:
        return self._stream.read(count)


class _SeekableFile:
    """A file as PyAV takes it."""

    def __init__(self, stream: ByteStream) -> None:
        self._raw = stream.rewound()

    def read(self, count: int) -> bytes:
        return self._raw.read(count)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()
