"""A capture device, as a stream of blocks that outlives the device."""

import atexit
import os
import shutil
import sys
import threading
import time
from collections.abc import Generator, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import structlog

from moodstream.audio.chunk import Chunk, Gap, mono
from moodstream.audio.overrun import Overrun
from moodstream.audio.ring import Ring

BLOCK_S = 0.25
"""Seconds between two reads: a fraction of the hop, as waking up costs more than the work."""
LEAD_S = 0.045
"""The resampler gives out the end of a block when it has so much of the next one."""
POLL_S = 0.01
"""The shortest wait for more."""
LATENCY_S = 0.5
"""Of the device's own buffer: what may pass between two reads without an overrun."""
STALL_S = 2.0
"""A device that delivers nothing for so long is lost."""
OPEN_S = 20.0
"""A device that can be neither opened nor refused in this time: the audio server is frozen."""
CLOSE_S = 5.0
"""The same of a device that cannot be closed."""
HURRY_S = 1.0
"""So long either may take when all is about to end."""
RETRY_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Waits between tries to open the device; the last one is repeated for ever."""
JACK = Path("/dev/shm")  # noqa: S108 - where libjack keeps its files
"""Where servers of JACK and their clients meet."""

log = structlog.get_logger()


class CaptureError(Exception):
    """The device cannot be opened or read; the message keeps PortAudio's words."""


class CaptureStuckError(Exception):
    """The audio server is frozen, and cannot be left from inside this process."""


@dataclass(frozen=True)
class Device:
    """A capture device."""

    index: int
    """PortAudio's, valid until it looks again; never to be stored."""
    name: str
    host: str
    """The audio interface of the system that offers it."""
    channels: int
    rate: int
    """Its own, hertz."""
    default: bool


def portaudio() -> ModuleType:
    """The sounddevice module; imported late, as that already opens the audio system.

    Raises:
        CaptureError: PortAudio is not installed.
    """
    if "sounddevice" not in sys.modules:
        _unlock_jack()
    try:
        import sounddevice  # noqa: PLC0415
    except OSError as error:
        raise CaptureError(f"{error}: install it: apt-get install libportaudio2") from error
    module: ModuleType = sounddevice
    return module


def _unlock_jack() -> None:
    """Remove the database of JACK if no JACK runs.

    libjack, which PortAudio opens even so, shares it among all processes of a user, and whoever
    is killed in it leaves it locked: the next one, and each after it, would wait there for ever.
    """
    user = os.getuid()
    if not list(JACK.glob(f"jack_*_{user}_*")):  # the sockets of a server
        shutil.rmtree(JACK / f"jack_db-{user}", ignore_errors=True)


def devices() -> list[Device]:
    """The capture devices that there are now.

    Raises:
        CaptureError: PortAudio is not installed or fails.
    """
    sd = portaudio()
    try:
        # PortAudio lists devices once: without this, one plugged in later is never seen.
        sd._terminate()  # noqa: SLF001
        sd._initialize()  # noqa: SLF001
        hosts = sd.query_hostapis()
        default = sd.default.device[0]
        return [
            Device(
                index=index,
                name=str(found["name"]),
                host=str(hosts[found["hostapi"]]["name"]),
                channels=int(found["max_input_channels"]),
                rate=round(found["default_samplerate"]),
                default=index == default,
            )
            for index, found in enumerate(sd.query_devices())
            if found["max_input_channels"] > 0
        ]
    except sd.PortAudioError as error:
        raise CaptureError(str(error)) from error


def find(name: str) -> Device:
    """The device of this name, or with this in its name; empty finds the default one.

    Raises:
        CaptureError: there is none, or more than one.
    """
    there = devices()
    listed = ", ".join(repr(device.name) for device in there) or "none at all"
    if not name:
        for device in there:
            if device.default:
                return device
        raise CaptureError(f"no default capture device; there are: {listed}")
    exact = [device for device in there if device.name == name]
    similar = [device for device in there if name.lower() in device.name.lower()]
    matches = exact[:1] or similar
    if not matches:
        raise CaptureError(f"no capture device '{name}'; there are: {listed}")
    if len(matches) > 1:
        several = ", ".join(repr(device.name) for device in matches)
        raise CaptureError(f"'{name}' could be any of: {several}; give more of the name")
    return matches[0]


class Microphone:
    """Listens to a device for ever: when it is lost, it is tried again by name.

    Args:
        device: its name or a part of it; empty is the system's default.
        buffer_s: seconds of audio kept while the pipeline is late.
    """

    def __init__(self, device: str, buffer_s: float) -> None:
        self._device = device
        self._buffer_s = buffer_s
        self._rate = 16000

    def chunks(self, stop: threading.Event) -> Iterator[Chunk]:
        """Yield what is heard until told to stop; never silent for more than a second or so.

        While the device is away, a gap that says so comes again and again.

        Raises:
            CaptureStuckError: the audio server is frozen; only a new process can recover.
        """
        try:
            yield from self._chunks(stop)
        except CaptureStuckError as error:
            # The log, as PortAudio's start, which may hang, has silenced file descriptor 2.
            log.warning("the audio server is frozen, only a new process helps", reason=str(error))
            if not stop.is_set():
                raise
            _leave_behind()

    def _chunks(self, stop: threading.Event) -> Iterator[Chunk]:
        failures = 0
        lost_at_s: float | None = None
        while not stop.is_set():
            try:
                capture = yield from self._opened(stop)
            except CaptureError as error:
                reason = str(error)
            else:
                name, self._rate = capture.device.name, capture.device.rate
                log.info("listening", device=name, rate=self._rate)
                try:
                    has_delivered = yield from self._listen(capture, stop, lost_at_s)
                finally:
                    capture.close(stop)
                if has_delivered:
                    failures, lost_at_s = 0, time.monotonic()
                    continue
                reason = f"device '{name}' delivers nothing: is it suspended, or its driver stuck?"
            wait_s = RETRY_S[min(failures, len(RETRY_S) - 1)]
            log.warning("no audio", reason=reason, retry_s=wait_s)
            failures += 1
            lost_at_s = lost_at_s or time.monotonic()
            yield from self._away(stop, wait_s)

    def _opened(self, stop: threading.Event) -> Generator[Chunk, None, "Capture"]:
        """Find and open the device, which is away meanwhile."""
        opening = _Opening(self._device, self._buffer_s)
        begun_s = time.monotonic()
        while True:
            try:
                return opening.capture.result(timeout=0.5)
            except TimeoutError as error:
                waited_s = time.monotonic() - begun_s
                if waited_s > (HURRY_S if stop.is_set() else OPEN_S):
                    reason = f"the audio system has not answered for {waited_s:.0f} s"
                    raise CaptureStuckError(reason) from error
            yield Gap(0, self._rate, source_lost=True)

    def _listen(
        self, capture: "Capture", stop: threading.Event, lost_at_s: float | None
    ) -> Generator[Chunk, None, bool]:
        """Pass on what comes, until nothing does; return whether anything has come at all.

        Args:
            capture: of the open device.
            stop: ends it.
            lost_at_s: since when nothing was heard, None if that is not known.
        """
        opened_s = heard_s = time.monotonic()
        has_delivered = False
        while not stop.is_set():
            chunk = capture.ring.read(timeout_s=0.5)
            if chunk is not None:
                heard_s = time.monotonic()
                if not has_delivered and lost_at_s is not None:
                    yield Gap(round((opened_s - lost_at_s) * self._rate), self._rate)
                has_delivered = True
                if isinstance(chunk, Gap):
                    log.warning("audio lost", samples=chunk.length_n, in_all=capture.ring.lost_n)
                yield chunk
            elif capture.error or time.monotonic() - heard_s > STALL_S:
                reason = capture.error or f"nothing came for {STALL_S:g} s"
                log.warning("device lost", device=capture.device.name, reason=reason)
                yield Gap(0, self._rate, source_lost=True)
                break
        return has_delivered

    def _away(self, stop: threading.Event, wait_s: float) -> Iterator[Chunk]:
        until_s = time.monotonic() + wait_s
        while not stop.is_set() and time.monotonic() < until_s:
            yield Gap(0, self._rate, source_lost=True)
            stop.wait(min(1.0, max(0.0, until_s - time.monotonic())))


class _Opening:
    """Finds and opens a device in a thread, as a frozen audio server never answers.

    Args:
        device: its name or a part of it.
        buffer_s: of the capture.
    """

    def __init__(self, device: str, buffer_s: float) -> None:
        self.capture: Future[Capture] = Future()
        self._device, self._buffer_s = device, buffer_s
        threading.Thread(target=self._open, name="opening", daemon=True).start()

    def _open(self) -> None:
        try:
            self.capture.set_result(Capture(find(self._device), self._buffer_s))
        except Exception as error:  # noqa: BLE001 - told to the thread that waits
            self.capture.set_exception(error)


def _leave_behind() -> None:
    """Let the process end without PortAudio's farewell, which a frozen server never answers."""
    if sounddevice := sys.modules.get("sounddevice"):  # not imported anew: that may be what hangs
        atexit.unregister(sounddevice._exit_handler)  # noqa: SLF001


def _open(device: Device, channels: int) -> Any:
    """A started stream of sounddevice, at the device's own rate."""
    sd = portaudio()
    try:
        stream = sd.InputStream(
            device=device.index,
            samplerate=device.rate,
            channels=channels,
            dtype="float32",
            latency=LATENCY_S,
        )
        stream.start()
    except (sd.PortAudioError, ValueError) as error:
        raise CaptureError(f"device '{device.name}': {error}") from error
    return stream


class Capture:
    """One open device and the thread that reads it into a ring.

    Blocking reads, not PortAudio's callback: cffi makes callbacks of memory that is writable and
    executable, which a hardened service forbids.

    Raises:
        CaptureError: the device cannot be opened.
    """

    def __init__(self, device: Device, buffer_s: float) -> None:
        self.device = device
        self.error = ""
        """Why the thread has ended, once it has."""
        self.ring = Ring(round(buffer_s * device.rate), device.rate)
        self._closing = threading.Event()
        try:
            self._stream = _open(device, min(device.channels, 2))
        except CaptureError:
            # An array of microphones may offer all of its channels or none.
            self._stream = _open(device, device.channels)
        self._thread = threading.Thread(target=self._read, name="capture", daemon=True)
        self._thread.start()

    def close(self, stop: threading.Event | None = None) -> None:
        """Stop reading and close the device.

        Args:
            stop: there is little time once it is set.

        Raises:
            CaptureStuckError: it does not let itself be closed.
        """
        self._closing.set()
        begun_s = time.monotonic()
        while self._thread.is_alive():
            within_s = HURRY_S if stop and stop.is_set() else CLOSE_S
            if time.monotonic() - begun_s > within_s:
                raise CaptureStuckError(f"device '{self.device.name}' neither delivers nor closes")
            self._thread.join(0.1)

    def _read(self) -> None:
        rate = self.device.rate
        block_n, lead_n = round(BLOCK_S * rate), round(LEAD_S * rate)
        # The device's own buffer may be smaller than what was asked for.
        buffer_s = self._stream.latency
        read_n = 0  # since the start, or since some was missed
        overrun, is_full = Overrun(rate), False
        wait_s = POLL_S
        error_kind = portaudio().PortAudioError
        try:
            while not self._closing.wait(wait_s):
                # A read of what is not there would not return while the device is suspended, nor
                # let it be closed. All that is there: libpulse locks up for ever if the server
                # dies while a fragment that was looked at has not been read.
                available_n = self._stream.read_available
                if not available_n:
                    wait_s = POLL_S
                    continue
                block, overflowed = self._stream.read(available_n)
                was_full, is_full = is_full, available_n >= buffer_s * rate
                is_all = not (was_full or is_full)  # a full one may hide more
                missed_s = overrun.process(available_n, time.monotonic(), is_all=is_all)
                if overflowed or missed_s:
                    self.ring.lose(round(max(BLOCK_S, missed_s) * rate))
                    read_n = 0
                self.ring.write(mono(block))
                read_n += available_n
                # Until the next block, and with it perhaps a hop, can be heard to its end.
                block_s = (block_n - (read_n - lead_n) % block_n) / rate
                wait_s = max(POLL_S, min(block_s, buffer_s / 2))
        except error_kind as error:
            self.error = str(error)
        finally:
            # Closed by the thread that reads: a frozen audio server then blocks nobody else.
            with suppress(error_kind):
                self._stream.abort()
                self._stream.close()
