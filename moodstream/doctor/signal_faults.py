"""Findings about a microphone's signal: offset, hum, clipping, dead channels, opposite phase."""

from collections.abc import Iterator

import numpy as np

from moodstream.arrays import Float32
from moodstream.audio import signal_faults as measured
from moodstream.doctor.finding import Finding, warning

OFFSET_MIN = 0.02
"""Offset as a part of full scale; the thousandth of cheap sound cards does no harm."""


def faults(samples: Float32, rate: int) -> Iterator[Finding]:
    """Yield the faults of a signal.

    Args:
        samples: a few seconds, all channels, full scale is 1 [shape=(n, channels), float32]
        rate: hertz.
    """
    found = measured.faults(samples, rate)
    offsets = np.array(found.offsets)
    if shifted := _where(np.abs(offsets) > OFFSET_MIN):
        worst = offsets[shifted][np.abs(offsets[shifted]).argmax()]
        yield warning(
            f"{_named(shifted, samples)} with a constant offset: {worst:+.0%} of full scale",
            "a fault of the microphone or its input; it reduces the headroom, but does not "
            "affect the mood",
        )
    if clipped := _where(np.array(found.clipped) > measured.CLIPPED_MIN):
        yield warning(
            f"{_named(clipped, samples)} with clipping: {max(found.clipped):.2g} of the samples "
            "are cut off at full scale",
            "lower its gain: alsamixer, or pavucontrol",
        )
    others = [channel for channel in range(samples.shape[1]) if channel not in found.dead]
    if found.dead:
        yield warning(
            f"{_named(found.dead, samples)} without a signal, unlike the others",
            f"set audio.channels = {others}, or repair the cable",
        )
    if found.opposite:
        yield warning(
            f"{_named(found.opposite, samples)} of opposite phase to the loudest channel",
            "correct the wiring; the daemon inverts the phase before it mixes the channels",
        )
    if found.hum > measured.HUM_MIN:
        yield warning(
            f"hum of {found.hum_hz:g} Hz from the mains is {found.hum:.0%} of the power",
            "look for a ground loop: another cable, USB port or power supply",
        )


def _where(mask: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> list[int]:
    found: list[int] = np.flatnonzero(mask).tolist()
    return found


def _named(channels: "list[int] | tuple[int, ...]", samples: Float32) -> str:
    if samples.shape[1] == 1:
        return "a signal"
    return f"channel{'s' if channels[1:] else ''} {' and '.join(map(str, channels))}"
