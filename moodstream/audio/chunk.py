"""Output of a source: blocks of samples, and the gaps between them."""

from dataclasses import dataclass

import numpy as np

from moodstream.arrays import Float32, Numbers

INT16_FULL_SCALE = 1 << 15


@dataclass(frozen=True)
class Block:
    """Mono audio that continues the block before without a gap."""

    samples: Float32
    """Full scale is 1 [shape=(n,), float32]."""
    rate: int
    """Hertz."""


@dataclass(frozen=True)
class Gap:
    """Missing audio: nothing before it can be continued after it."""

    length_n: int
    """Samples lost, an estimate."""
    rate: int
    """Hertz."""
    source_lost: bool = False
    """Whether the source is lost until further notice, for example because a device is
    unplugged."""
    paused: bool = False
    """Whether the audio was dropped because a user paused listening."""


Chunk = Block | Gap


def mono(samples: Numbers) -> Float32:
    """Return the mean of all channels.

    Channel by channel: numpy's mean along so short an axis costs ten times as much, and a matrix
    product might round differently from one block size to the next.

    Args:
        samples: [shape=(n, channels)], float32, or int16 whose full scale is 32768.

    Returns:
        [shape=(n,), float32]; int16 gives the same bits as its values in float32.
    """
    if samples.dtype == np.int16 and samples.shape[1] == 2 and samples.flags.c_contiguous:
        pairs = samples.view(np.int32)[:, 0]
        first, second = pairs.astype(np.int16), pairs >> 16  # or the reverse, by byte order
        second += first
        whole = second.astype(np.float32)
        whole *= np.float32(0.5 / INT16_FULL_SCALE)
        return whole
    floats = samples.astype(np.float32, copy=False)
    if samples.dtype == np.int16:
        return _mean(floats, INT16_FULL_SCALE)
    with np.errstate(invalid="ignore", over="ignore"):  # the resampler finds what is no number
        return _mean(floats, 1)


def _mean(channels: Float32, full_scale: int) -> Float32:
    mixed = channels[:, 0]
    for channel in channels.T[1:]:
        mixed = mixed + channel
    return mixed / np.float32(channels.shape[1] * full_scale)
