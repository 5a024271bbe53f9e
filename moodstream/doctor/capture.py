"""The capture device: is it there, does it deliver, and what?"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from moodstream.arrays import Float32
from moodstream.audio.capture import Capture
from moodstream.audio.chunk import Block
from moodstream.audio.device import Device, find
from moodstream.audio.portaudio import CaptureError, CaptureStuckError
from moodstream.bundle.bundle import Bundle
from moodstream.config.sections import Config
from moodstream.doctor.finding import Finding, failure, ok, warning
from moodstream.doctor.patience import FROZEN, patiently
from moodstream.features.silence import LEVEL_FLOOR_DBFS, level_dbfs

METER_S = 3.0
FULL_SCALE = 0.999

Meter = Callable[[float], None]
"""Shows a level while it is measured, in dBFS."""


@dataclass(frozen=True)
class Heard:
    """What a device delivered."""

    device: Device
    samples: Float32
    """Mono [shape=(n,), float32]."""
    gaps: int
    """Times that some of it was lost."""


def capture(config: Config, bundle: Bundle | None, meter: Meter) -> Iterator[Finding]:
    """Listen for three seconds.

    Args:
        config: all settings.
        bundle: says what counts as silence, and at which rate the models hear, unless it is
            broken.
        meter: shows the level meanwhile.
    """
    open_dbfs = config.silence.open_dbfs
    if open_dbfs is None:
        open_dbfs = bundle.card.silence.open_dbfs if bundle else LEVEL_FLOOR_DBFS
    try:
        heard = patiently(lambda: _listen(find(config.audio.device), meter))
    except CaptureError as error:
        yield failure(
            str(error),
            "plug one in, or set audio.device to one that `moodstream devices` lists; "
            "raw ALSA gives a device to one program alone: is the daemon running?",
        )
        return
    except CaptureStuckError as error:
        yield failure(str(error), FROZEN)
        return
    rate = bundle.card.features.sample_rate if bundle else 0
    yield from _judged(heard, rate, open_dbfs)


def _judged(heard: Heard, rate: int, open_dbfs: float) -> Iterator[Finding]:
    device = heard.device
    name = f"'{device.name}' ({device.host}, {device.rate} Hz)"
    if not len(heard.samples):
        yield failure(
            f"{name} opens, and delivers nothing", "is its audio server or driver alive? dmesg"
        )
        return
    if device.rate < rate:
        yield warning(
            f"{name} is slower than the {rate} Hz of the models",
            "what is above half its rate is not heard: another microphone would serve better",
        )
    else:
        yield ok(name)
    if heard.gaps:
        yield warning(
            f"audio was lost {heard.gaps} times in {METER_S:g} s",
            "this machine is too busy to listen: what else runs on it?",
        )
    loudness, peak = level_dbfs(heard.samples), float(np.abs(heard.samples).max())
    level = f"level {loudness:.1f} dBFS, peak {20 * np.log10(max(peak, 1e-6)):.1f}"
    if peak == 0:
        yield warning(
            "digital silence: every sample is zero, which no microphone delivers",
            "is it muted, or the wrong one? alsamixer, or: pactl list sources",
        )
    elif peak >= FULL_SCALE:
        yield warning(f"{level}: it clips", "lower its gain: alsamixer, or pavucontrol")
    elif loudness < open_dbfs:
        yield ok(f"{level}: silence, which ends at {open_dbfs:g}; make a noise and look again")
    else:
        yield ok(level)


def _listen(device: Device, meter: Meter) -> Heard:
    opened = Capture(device, METER_S)
    blocks: list[Float32] = []
    gaps = 0
    try:
        until_s = time.monotonic() + 2 * METER_S
        while sum(map(len, blocks)) < METER_S * device.rate and time.monotonic() < until_s:
            chunk = opened.ring.read(timeout_s=0.5)
            if isinstance(chunk, Block):
                blocks.append(chunk.samples)
                meter(level_dbfs(chunk.samples))
            elif chunk is not None:
                gaps += 1
            elif opened.error:
                raise CaptureError(f"device '{device.name}': {opened.error}")
    finally:
        opened.close()
    return Heard(device, np.concatenate([np.zeros(0, np.float32), *blocks]), gaps)
