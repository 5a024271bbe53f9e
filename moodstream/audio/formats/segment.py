"""A part of a stream that a decoder of its own decodes."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass
class Segment:
    """One link of a chained stream."""

    data: Iterator[bytes]
    """The encoded audio."""
    skip_n: int = 0
    """Samples at the beginning that the encoder added."""
    length_n: int | None = None
    """Samples after those, None to decode all that comes."""
    promised_n: int = 0
    """Samples by its header, 0 if it does not say."""
