"""What a source yields: blocks of samples, and the gaps between them."""

from dataclasses import dataclass

from moodstream.arrays import Float32


@dataclass(frozen=True)
class Block:
    """Mono audio that follows what came before without a gap."""

    samples: Float32
    """Full scale is 1 [shape=(n,), float32]."""


@dataclass(frozen=True)
class Gap:
    """Audio that is missing: nothing before it can be continued after it."""

    length_n: int
    """Samples lost, at the source's rate; as good as is known."""
    source_lost: bool = False
    """Whether there is nothing to hear until further notice, as when a device is unplugged."""


Chunk = Block | Gap
