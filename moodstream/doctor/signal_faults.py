"""Faults of a microphone's signal: offset, hum, clipping, dead channels, opposite phase."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from moodstream.arrays import Float32
from moodstream.doctor.finding import Finding, warning
from moodstream.features.silence import level_dbfs

FULL_SCALE = 0.999
OFFSET = 0.02
"""Part of full scale; cheap sound cards have a thousandth of it."""
DEAD_DB = 40.0
"""A channel this much below the loudest one is not connected."""
CANCELLED_DB = 12.0
"""The mix of two channels that agree is 3 dB below them at most."""
QUIETEST_DBFS = -70.0
"""Below this, the noise of the sound card is measured."""
MAINS_HZ = (50.0, 60.0)
HARMONICS = 10
HUM_WIDTH_HZ = 1.0
HUM_PART = 0.7
"""Part of the power on the mains' harmonics from which a signal is hum."""


def faults(samples: Float32, rate: int) -> Iterator[Finding]:
    """Yield what is wrong with a signal.

    Args:
        samples: a few seconds, all channels, full scale is 1 [shape=(n, channels), float32]
        rate: hertz.
    """
    offsets = samples.mean(axis=0)
    if shifted := _where(np.abs(offsets) > OFFSET):
        worst = offsets[shifted][np.abs(offsets[shifted]).argmax()]
        yield warning(
            f"{_named(shifted, samples)} with a constant offset: {worst:+.0%} of full scale",
            "a fault of the microphone or its input: try another one; the mood suffers little",
        )
    if clipped := _where(np.abs(samples).max(axis=0) >= FULL_SCALE):
        yield warning(
            f"{_named(clipped, samples)} with clipping: peaks are cut off at full scale",
            "lower its gain: alsamixer, or pavucontrol",
        )
    centred = samples - offsets
    levels = np.array([level_dbfs(channel) for channel in centred.T], np.float32)
    is_dead = levels.max() - levels > DEAD_DB
    if dead := _where(is_dead):
        yield warning(
            f"{_named(dead, samples)} without a signal: {levels[dead].max():.0f} dBFS, "
            f"{levels.max():.0f} in another channel",
            f"set audio.channels = {_where(~is_dead)}, or mend the cable",
        )
    alive = _where(~is_dead & (levels > QUIETEST_DBFS))
    yield from _phases(centred, levels, alive)
    found = {channel: mains_hz for channel in alive if (mains_hz := hum(centred[:, channel], rate))}
    if found:
        yield warning(
            f"{_named([*found], samples)} with hum: mostly {max(found.values()):g} Hz of the mains",
            "look for a ground loop: another cable, USB port or power supply",
        )


def hum(samples: Float32, rate: int) -> float:
    """Return the frequency of the mains if its harmonics dominate, hertz; otherwise 0.

    Args:
        samples: of one channel, without an offset [shape=(n,), float32]
        rate: hertz.
    """
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    frequencies = np.fft.rfftfreq(len(samples), 1 / rate)
    for mains_hz in MAINS_HZ:
        nearest = np.clip(np.round(frequencies / mains_hz), 1, HARMONICS) * mains_hz
        part = power[np.abs(frequencies - nearest) <= HUM_WIDTH_HZ].sum() / power.sum()
        if part > HUM_PART:
            return mains_hz
    return 0.0


def _phases(centred: Float32, levels: Float32, alive: list[int]) -> Iterator[Finding]:
    for first, second in combinations(alive, 2):
        mix = level_dbfs((centred[:, first] + centred[:, second]) / np.float32(2))
        if mix < min(levels[first], levels[second]) - CANCELLED_DB:
            yield warning(
                f"channels {first} and {second} are of opposite phase: mixed, they cancel out "
                f"({mix:.0f} dBFS)",
                f"set audio.channels = [{first}], or correct the wiring of one of them",
            )


def _where(mask: NDArray[np.bool_]) -> list[int]:
    found: list[int] = np.flatnonzero(mask).tolist()
    return found


def _named(channels: list[int], samples: Float32) -> str:
    if samples.shape[1] == 1:
        return "a signal"
    return f"channel{'s' if channels[1:] else ''} {' and '.join(map(str, channels))}"
