"""A stream of blocks from a capture device that continues when the device is lost."""

import threading
import time
from collections.abc import Generator, Iterator
from concurrent.futures import Future

from moodstream.audio.capture import HURRY_S, Capture
from moodstream.audio.chunk import Chunk, Gap
from moodstream.audio.device import find
from moodstream.audio.portaudio import CAPTURES, CaptureError, CaptureStuckError, leave_behind
from moodstream.audio.system import alsa, arrival
from moodstream.log import Seldom, get_logger, thread

STALL_S = 2.0
"""Seconds without audio after which a device is lost."""
OPEN_S = 20.0
"""Seconds to wait for a device to open or fail; after that, the audio server must be frozen."""
RETRY_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between attempts to open the device; the last wait is repeated."""
ABSENT_S = 300.0
"""Longest wait for a missing device; a sign of a new device ends it."""

log = get_logger()


class AbsentError(CaptureError):
    """The device does not exist."""


class Microphone:
    """An endless source that searches for a lost device again by its name.

    Args:
        device: its name or a part of it; empty is the system's default. buffer_s: seconds of audio
        kept while the pipeline is late. channels: numbers of the channels to use, from 0; none for
        the first two, or all of an array. is_alone: whether it is the only source. Then a frozen
        audio server ends the process; otherwise the source waits for it.
    """

    def __init__(
        self,
        device: str,
        buffer_s: float,
        channels: tuple[int, ...] = (),
        *,
        is_alone: bool = True,
    ) -> None:
        self._is_alone = is_alone
        self._device = device
        self._buffer_s = buffer_s
        self._channels = channels
        self._rate = 16000
        self._seldom = Seldom()
        self._is_told = True  # the log gives the reason

    def chunks(self, stop: threading.Event) -> Iterator[Chunk]:
        """Yield audio until told to stop, at least one chunk every second or so.

        While the device is missing, the chunks are gaps with ``source_lost``.

        Raises:
            CaptureStuckError: the audio server is frozen; only a new process can recover.
        """
        while not stop.is_set():
            try:
                yield from self._chunks(stop)
            except CaptureStuckError as error:
                # Logged here: PortAudio's start, which may hang, has silenced file descriptor 2.
                log.warning(
                    "the audio server is frozen, only a new process helps"
                    if self._is_alone
                    else "the audio server is frozen: restart it",
                    reason=str(error),
                )
                if self._is_alone and not stop.is_set():
                    raise
                yield from self._outwait(error.thread, stop)

    def _chunks(self, stop: threading.Event) -> Iterator[Chunk]:
        failures = 0
        lost_at_s: float | None = None
        while not stop.is_set():
            signs, is_absent = arrival.signs(), False
            try:
                capture = yield from self._opened(stop)
            except CaptureError as error:
                reason, is_absent = str(error), isinstance(error, AbsentError)
            else:
                name, self._rate = capture.device.name, capture.device.rate
                try:
                    heard_s = yield from self._listen(capture, stop, lost_at_s)
                finally:
                    capture.close(stop)
                if heard_s is not None:
                    failures, lost_at_s = 0, heard_s
                    continue
                reason = f"device '{name}' delivers nothing: is it suspended, or its driver stuck?"
            wait_s = RETRY_S[min(failures, len(RETRY_S) - 1)]
            if is_absent and wait_s == RETRY_S[-1] and arrival.are_complete():
                wait_s = ABSENT_S
            self._complain("no audio", f"{reason} {wait_s >= RETRY_S[-1]}", reason, retry_s=wait_s)
            failures += 1
            lost_at_s = lost_at_s or time.monotonic()
            if (yield from self._away(stop, wait_s, signs)):
                failures = 0

    def _outwait(self, stuck: threading.Thread | None, stop: threading.Event) -> Iterator[Chunk]:
        """Wait until the audio server has answered a thread, or until told to stop."""
        while stuck and stuck.is_alive():
            if stop.is_set():
                leave_behind()
                return
            yield Gap(0, self._rate, source_lost=True)
            stop.wait(1.0)

    def _opened(self, stop: threading.Event) -> Generator[Chunk, None, Capture]:
        """Find and open the device; yield gaps until it is open."""
        opening = _Opening(self._device, self._buffer_s, self._channels)
        begun_s = time.monotonic()
        while True:
            try:
                return opening.capture.result(timeout=0.5)
            except TimeoutError as error:
                waited_s = time.monotonic() - begun_s
                if waited_s > (HURRY_S if stop.is_set() else OPEN_S):
                    reason = f"the audio system has not answered for {waited_s:.0f} s"
                    opening.abandon()
                    raise CaptureStuckError(reason, opening.thread) from error
            yield Gap(0, self._rate, source_lost=True)

    def _listen(
        self, capture: Capture, stop: threading.Event, lost_at_s: float | None
    ) -> Generator[Chunk, None, float | None]:
        """Yield audio until none comes; return the time of the last, None if there was none.

        Args:
            capture: the open device.
            stop: ends this early.
            lost_at_s: time since which no audio came, None if unknown.
        """
        opened_s = time.monotonic()
        heard_s: float | None = None
        while not stop.is_set():
            chunk = capture.ring.read(timeout_s=0.5)
            if chunk is not None:
                if heard_s is None and self._is_told:
                    self._is_told = False
                    log.info("listening", device=capture.device.name, rate=self._rate)
                if heard_s is None and lost_at_s is not None:
                    yield Gap(round((opened_s - lost_at_s) * self._rate), self._rate)
                heard_s = time.monotonic()
                if isinstance(chunk, Gap):
                    self._seldom.warning(
                        "audio lost", samples=chunk.length_n, in_all=capture.ring.lost_n
                    )
                yield chunk
            elif capture.error or time.monotonic() - (heard_s or opened_s) > STALL_S:
                reason = capture.error or f"nothing came for {STALL_S:g} s"
                if heard_s is not None:
                    self._complain("device lost", "", reason, device=capture.device.name)
                yield Gap(0, self._rate, source_lost=True)
                break
        return heard_s

    def _away(
        self, stop: threading.Event, wait_s: float, signs: frozenset[arrival.Sign]
    ) -> Generator[Chunk, None, bool]:
        """Wait. Return True early if a device may have come since these signs were read."""
        until_s = time.monotonic() + wait_s
        while not stop.is_set() and time.monotonic() < until_s:
            yield Gap(0, self._rate, source_lost=True)
            stop.wait(min(1.0, max(0.0, until_s - time.monotonic())))
            if arrival.signs() != signs:
                return True
        return False

    def _complain(self, trouble: str, subject: str, reason: str, **more: object) -> None:
        """Log a problem, at growing intervals if it repeats."""
        if self._seldom.warning(trouble, subject, reason=reason, **more):
            self._is_told = True
        else:
            log.debug(trouble, reason=reason, **more)


class _Opening:
    """A thread that finds and opens a device, because a frozen audio server never answers.

    Args:
        device: its name or a part of it.
        buffer_s: seconds that the capture keeps.
        channels: numbers of those to hear.
    """

    def __init__(self, device: str, buffer_s: float, channels: tuple[int, ...]) -> None:
        self.capture: Future[Capture] = Future()
        self._device, self._buffer_s, self._channels = device, buffer_s, channels
        self._is_abandoned = False
        self.thread = thread(self._open, "opening")
        self.thread.start()

    def abandon(self) -> None:
        """Close the device as soon as it is open, because nobody waits for it any more."""
        self._is_abandoned = True

    def _open(self) -> None:
        try:
            with CAPTURES.finding:
                try:
                    device = find(self._device)
                except CaptureError as error:
                    if alsa.busy_cards():  # the end of that gives no sign
                        raise
                    raise AbsentError(str(error)) from error
                capture = Capture(device, self._buffer_s, self._channels)
            self.capture.set_result(capture)
            if self._is_abandoned:
                capture.close()
        except Exception as error:  # noqa: BLE001 - told to the thread that waits
            self.capture.set_exception(error)
