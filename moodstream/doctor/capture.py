"""Checks of the capture device: whether it exists, delivers audio, and how good its signal is."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from moodstream.arrays import Float32
from moodstream.audio.capture import Capture
from moodstream.audio.chunk import Block
from moodstream.audio.device import find
from moodstream.audio.portaudio import CaptureError, CaptureStuckError
from moodstream.audio.system import alsa
from moodstream.bundle.bundle import Bundle
from moodstream.config.sections import AudioConfig, Config
from moodstream.doctor.finding import Finding, failure, ok, warning
from moodstream.doctor.patience import FROZEN, patiently
from moodstream.doctor.signal_faults import faults
from moodstream.features.silence import LEVEL_FLOOR_DBFS, level_dbfs

METER_S = 3.0

Meter = Callable[[float], None]
"""Function that shows a level while it is measured, in dBFS."""


@dataclass(frozen=True)
class Heard:
    """Audio that a source has delivered."""

    label: str
    """Name of the source, and where it comes from."""
    rate: int
    """Hertz."""
    samples: Float32
    """All channels, full scale is 1 [shape=(n, channels), float32]."""
    mixed: Float32
    """The same audio, mixed to mono as the pipeline receives it [shape=(n,), float32]."""
    gaps: int
    """Number of times that audio was lost."""


def capture(config: Config, bundle: Bundle | None, meter: Meter) -> Iterator[Finding]:
    """Listen for three seconds, and judge the signal.

    Args:
        config: all settings.
        bundle: gives the level of silence and the rate of the models; None if it is broken.
        meter: shows the level during the measurement.
    """
    try:
        heard = patiently(lambda: _listen(config.audio, meter))
    except CaptureError as error:
        yield _absent(str(error))
        return
    except CaptureStuckError as error:
        yield failure(str(error), FROZEN)
        return
    yield from judged(heard, config, bundle)


def _absent(error: str) -> Finding:
    if alsa.busy_cards():
        return failure(
            error,
            "stop that program (perhaps the daemon itself), or share the device through "
            "PipeWire or PulseAudio: raw ALSA gives a device to only one program",
        )
    return failure(error, "plug one in, or set audio.device to one that `moodstream devices` lists")


def judged(heard: Heard, config: Config, bundle: Bundle | None) -> Iterator[Finding]:
    """Judge the audio.

    Args:
        heard: the audio of three seconds.
        config: all settings.
        bundle: gives the level of silence and the rate of the models; None if it is broken.
    """
    rate = bundle.card.features.sample_rate if bundle else 0
    open_dbfs = config.silence.open_dbfs
    if open_dbfs is None:
        open_dbfs = bundle.card.silence.open_dbfs if bundle else LEVEL_FLOOR_DBFS
    name = heard.label
    if not len(heard.samples):
        yield failure(
            f"{name} opens, but delivers nothing",
            "is its audio server or driver running? See dmesg",
        )
        return
    if heard.rate < rate:
        yield warning(
            f"{name} has a lower sample rate than the {rate} Hz of the models",
            "frequencies above half its rate are lost: another microphone would be better",
        )
    else:
        yield ok(name)
    if heard.gaps:
        yield warning(
            f"audio was lost {heard.gaps} times in {METER_S:g} s",
            "this machine is too busy: which other programs are running?",
        )
    yield from _signal(heard, open_dbfs)


def _signal(heard: Heard, open_dbfs: float) -> Iterator[Finding]:
    peak = float(np.abs(heard.samples).max())
    if peak == 0:
        yield warning(
            "digital silence: every sample is zero, which no working microphone delivers",
            "is it muted, or the wrong one? See alsamixer, or: pactl list sources",
        )
        return
    found = [*faults(heard.samples, heard.rate)]
    yield from found
    loudness = level_dbfs(heard.mixed)
    level = f"level {loudness:.1f} dBFS, peak {20 * np.log10(max(peak, 1e-6)):.1f}"
    if loudness < open_dbfs:
        level += f": silence, which ends at {open_dbfs:g}; make a noise and try again"
    if not found:
        yield ok(level)


def _listen(audio: AudioConfig, meter: Meter) -> Heard:
    device = find(audio.device)
    blocks: list[Float32] = []
    mixed: list[Float32] = []
    opened = Capture(device, METER_S, audio.channels, watch=blocks.append)
    heard_n = gaps = 0
    try:
        until_s = time.monotonic() + 2 * METER_S
        while heard_n < METER_S * device.rate and time.monotonic() < until_s:
            chunk = opened.ring.read(timeout_s=0.5)
            if isinstance(chunk, Block):
                heard_n += len(chunk.samples)
                mixed.append(chunk.samples)
                meter(level_dbfs(chunk.samples))
            elif chunk is not None:
                gaps += 1
            elif opened.error:
                raise CaptureError(f"device '{device.name}': {opened.error}")
    finally:
        opened.close()
    label = f"'{device.name}' ({device.host}, {device.rate} Hz)"
    if not (blocks and mixed):
        nothing = np.zeros((0, 1), np.float32)
        return Heard(label, device.rate, nothing, nothing[:, 0], gaps)
    return Heard(label, device.rate, np.concatenate(blocks), np.concatenate(mixed), gaps)
