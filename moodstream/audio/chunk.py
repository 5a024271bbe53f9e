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
    paused: bool = False
    """Whether it was thrown away because somebody asked not to be listened to."""


Chunk = Block | Gap


def mono(samples: Float32) -> Float32:
    """The mean of all channels [shape=(n, channels)] as one [shape=(n,)].

    Channel by channel: numpy's mean along so short an axis costs ten times as much, and a matrix
    product might round differently from one block size to the next.
    """
    mixed = samples[:, 0].copy()
    for channel in samples.T[1:]:
        mixed += channel
    mixed /= samples.shape[1]
    return mixed
