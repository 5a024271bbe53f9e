"""The interface of every decoder, and the pieces that it yields."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from moodstream.arrays import Numbers


class DecodeError(Exception):
    """Bytes that cannot be decoded; the message says why, without the file's name."""


@dataclass(frozen=True)
class Piece:
    """Audio of all channels that continues the piece before."""

    samples: Numbers
    """Float32 of full scale 1, or int16 of full scale 32768 [shape=(n, channels)]."""
    rate: int
    """Hertz."""


@dataclass
class Segment:
    """One link of a chained stream."""

    data: Iterator[bytes]
    """The encoded audio."""
    skip_n: int = 0
    """Samples at the beginning that the encoder added."""
    length_n: int | None = None
    """Samples after those; None to decode everything."""
    promised_n: int = 0
    """Samples according to its header, 0 if unknown."""


class Decoder(Protocol):
    """A reader of one file or stream, from its beginning to its end."""

    rate: int
    """Hertz at the beginning; a later link of a chained stream may have another."""
    channels: int
    """Channels at the beginning."""
    estimated_n: int
    """Samples of each channel according to the header, 0 if unknown; only good enough for a
    progress bar."""
    fault: str
    """Reason why audio is missing, known at the end; empty if all was decoded."""

    def pieces(self, block_n: int) -> Iterator[Piece]:
        """Yield the audio, at most ``block_n`` samples of each channel at once.

        Raises:
            DecodeError: nothing more can be decoded.
        """

    def close(self) -> None:
        """Release what the decoder holds."""
