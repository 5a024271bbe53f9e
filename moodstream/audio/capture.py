"""An open capture device, and the thread that reads it."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from moodstream.arrays import Float32
from moodstream.audio.channels import Mix
from moodstream.audio.device import Device
from moodstream.audio.overrun import Overrun
from moodstream.audio.portaudio import CAPTURES, CaptureError, CaptureStuckError, portaudio
from moodstream.audio.ring import Ring
from moodstream.audio.system import pulse
from moodstream.log import thread

BLOCK_S = 0.5
"""Seconds between two reads: the default hop, because waking up costs more than the work.

A read waits for the end of a block, so a shorter hop is classified up to this much later.
"""
LEAD_S = 0.045
"""Seconds of the next block that the resampler needs before it can output the end of this one."""
POLL_S = 0.01
"""Shortest wait for more audio, seconds."""
LATENCY_S = 1.0
"""Seconds of the device's own buffer, the longest time between reads without an overrun."""
CLOSE_S = 5.0
"""Seconds to wait for a device to close; after that, the audio server must be frozen."""
UNAVAILABLE = -9985
"""PortAudio's paDeviceUnavailable."""
HURRY_S = 1.0
"""The same while the process is ending."""


def _open(device: Device, channels: int) -> Any:
    """Return a started stream of sounddevice, at the device's own rate."""
    sd = portaudio()
    try:
        with pulse.chosen(device.source), CAPTURES.changing:
            stream = sd.InputStream(
                device=device.index,
                samplerate=device.rate,
                channels=channels,
                dtype="float32",
                latency=LATENCY_S,
            )
        stream.start()
    except (sd.PortAudioError, ValueError) as error:
        if UNAVAILABLE in error.args:
            raise CaptureError(
                f"device '{device.name}' is busy: another program is using it"
            ) from error
        raise CaptureError(f"device '{device.name}': {error}") from error
    return stream


class Capture:
    """An open device and the thread that reads it into a ring.

    It reads instead of using a callback: cffi builds callbacks in writable and executable memory,
    which a hardened service forbids.

    Args:
        device: device to open. buffer_s: seconds of audio kept while the reader is late. channels:
        numbers of the channels to use, from 0; none for the first two, or all of an array. watch:
        receives each block of all channels [shape=(n, channels), float32].

    Raises:
        CaptureError: the device cannot be opened, or lacks a channel that was asked for.
    """

    def __init__(
        self,
        device: Device,
        buffer_s: float,
        channels: tuple[int, ...] = (),
        watch: Callable[[Float32], None] | None = None,
    ) -> None:
        self.device = device
        self._channels, self._watch = channels, watch
        self.error = ""
        """Reason why the thread has ended, empty while it runs."""
        self._closing = threading.Event()
        missing = [number for number in channels if not 0 <= number < device.channels]
        if missing:
            count = f"{device.channels}, counted from 0"
            raise CaptureError(f"device '{device.name}' has no channel {missing[0]}, only {count}")
        try:
            # At least two: if asked for one, PulseAudio mixes all channels into it.
            self._stream = _open(device, min(device.channels, max((1, *channels)) + 1))
        except CaptureError:
            # An array of microphones may offer all of its channels or none.
            self._stream = _open(device, device.channels)
        # Only now, because the traceback of an error may keep a failed attempt alive.
        self.ring = Ring(round(buffer_s * device.rate), device.rate)
        self._thread = thread(self._read, "capture")
        CAPTURES.add(self)
        self._thread.start()

    def close(self, stop: threading.Event | None = None) -> None:
        """Stop reading and close the device.

        Args:
            stop: shortens the wait when it is set.

        Raises:
            CaptureStuckError: the device does not close.
        """
        self._closing.set()
        begun_s = time.monotonic()
        while self._thread.is_alive():
            within_s = HURRY_S if stop and stop.is_set() else CLOSE_S
            if time.monotonic() - begun_s > within_s:
                raise CaptureStuckError(
                    f"device '{self.device.name}' neither delivers nor closes", self._thread
                )
            self._thread.join(0.1)

    def give_up(self, reason: str) -> bool:
        """End the capture for this reason; return whether its device is closed."""
        self._closing.set()
        self._thread.join(CLOSE_S)
        self.error = self.error or reason
        return not self._thread.is_alive()

    def _read(self) -> None:
        rate = self.device.rate
        block_n, lead_n = round(BLOCK_S * rate), round(LEAD_S * rate)
        # The device's own buffer may be smaller than what was asked for.
        buffer_s = self._stream.latency
        read_n = 0  # since the start or the last loss
        overrun, is_full = Overrun(rate), False
        wait_s = POLL_S
        error_kind = portaudio().PortAudioError
        mix = Mix(self._stream.channels, rate, self._channels)
        try:
            while not self._closing.wait(wait_s):
                # Read only what is there: on a suspended device, a longer read neither returns nor
                # lets it be closed. Read all of it: libpulse locks up for ever if the server dies
                # while a fragment that was looked at has not been read.
                available_n = self._stream.read_available
                if not available_n:
                    wait_s = POLL_S
                    continue
                block, overflowed = self._stream.read(available_n)
                was_full, is_full = is_full, available_n >= buffer_s * rate
                is_all = not (was_full or is_full)  # a full buffer may hide more
                missed_s = overrun.process(available_n, time.monotonic(), is_all=is_all)
                if overflowed or missed_s:
                    self.ring.lose(round(max(BLOCK_S, missed_s) * rate))
                    read_n = 0
                if self._watch:
                    self._watch(block)
                self.ring.write(mix.process(block))
                read_n += available_n
                # Wait until the next block, which may complete a hop, is there.
                block_s = (block_n - (read_n - lead_n) % block_n) / rate
                wait_s = max(POLL_S, min(block_s, buffer_s / 2))
        except error_kind as error:
            self.error = str(error)
        finally:
            # The reading thread also closes the device, so a frozen audio server blocks no other
            # thread.
            with suppress(error_kind), CAPTURES.changing:
                self._stream.abort()
                self._stream.close()
            CAPTURES.remove(self)
