"""What a source yields: blocks of samples, and the gaps between them."""

from dataclasses import dataclass

from moodstream.arrays import Float32


@dataclass(frozen=True)
class Block:
    """Mono audio that follows what came before without a gap."""

    samples: Float32
    """Full scale is 1 [shape=(n,), float32]."""
    rate: int
    """Hertz."""


@dataclass(frozen=True)
class Gap:
    """Audio that is missing: nothing before it can be continued after it."""

    length_n: int
    """Samples lost, as good as is known."""
    rate: int
    """Hertz."""
    source_lost: bool = False
    """Whether there is nothing to hear until further notice, as when a device is unplugged."""


Chunk = Block | Gap
