"""A stream of blocks from an input that is opened again when it ends."""

import threading
import time
from collections.abc import Generator, Iterator

from moodstream.audio.chunk import Chunk, Gap
from moodstream.audio.sources.input import Input
from moodstream.audio.sources.reception import Reception
from moodstream.log import Seldom, get_logger

LATE_S = 3.0
"""Seconds without audio after which the source counts as lost, even if the input stays open."""
LASTING_S = 10.0
"""Seconds of audio after which an input that ends is opened again soon."""
FIRST_RATE = 16000
"""Rate of gaps before the first audio, hertz."""

log = get_logger()


class Stream:
    """An endless source that opens its input again whenever it ends.

    Args:
        source: is opened, again and again.
        buffer_s: seconds of audio kept while the pipeline is late.
        channels: numbers of the channels to use, from 0; none for all.
    """

    def __init__(self, source: Input, buffer_s: float, channels: tuple[int, ...] = ()) -> None:
        self._source, self._buffer_s, self._channels = source, buffer_s, channels
        self._rate = FIRST_RATE
        self._seldom = Seldom()
        self._is_told = True  # the log gives the reason

    def chunks(self, stop: threading.Event) -> Iterator[Chunk]:
        """Yield audio until told to stop, at least one chunk every second or so.

        While the source is lost, the chunks are gaps with ``source_lost``.
        """
        failures = 0
        lost_at_s: float | None = None
        while not stop.is_set():
            reception = Reception(self._source, self._buffer_s, self._channels)
            try:
                heard_s, lasted_s = yield from self._listen(reception, stop, lost_at_s)
            finally:
                reception.close()
            if stop.is_set():
                return
            if lasted_s > LASTING_S:
                failures = 0
            waits_s = self._source.retry_s
            wait_s = waits_s[min(failures, len(waits_s) - 1)]
            failures += 1
            lost_at_s = heard_s or lost_at_s or time.monotonic()
            self._complain(reception.error, retry_s=wait_s)
            yield from self._away(stop, wait_s)

    def _listen(
        self, reception: Reception, stop: threading.Event, lost_at_s: float | None
    ) -> Generator[Chunk, None, tuple[float | None, float]]:
        """Yield audio until the input ends.

        Args:
            reception: the open input.
            stop: ends this early.
            lost_at_s: time since which no audio came, None if unknown.

        Returns:
            The time of the last audio, None if there was none, and the seconds that it lasted.
        """
        first_s: float | None = None
        heard_s: float | None = None
        is_late = True
        while not stop.is_set():
            chunk = reception.feed.read(timeout_s=0.5)
            now_s = time.monotonic()
            if chunk is not None:
                self._rate = chunk.rate
                if is_late:
                    self._tell_listening()
                if first_s is None:
                    first_s = now_s
                    if lost_at_s is not None:
                        yield Gap(round((now_s - lost_at_s) * self._rate), self._rate)
                heard_s, is_late = now_s, False
                if isinstance(chunk, Gap):
                    self._seldom.warning(
                        "audio lost", samples=chunk.length_n, in_all=reception.feed.lost_n
                    )
                yield chunk
            elif reception.error:
                yield Gap(0, self._rate, source_lost=True)
                break
            elif heard_s is None or now_s - heard_s > LATE_S:
                if not is_late:
                    is_late = True
                    self._complain(f"no audio came for {LATE_S:g} s")
                yield Gap(0, self._rate, source_lost=True)
        return heard_s, (heard_s or 0.0) - (first_s or 0.0)

    def _away(self, stop: threading.Event, wait_s: float) -> Iterator[Chunk]:
        until_s = time.monotonic() + wait_s
        while not stop.is_set() and time.monotonic() < until_s:
            yield Gap(0, self._rate, source_lost=True)
            stop.wait(min(1.0, max(0.0, until_s - time.monotonic())))

    def _tell_listening(self) -> None:
        if self._is_told:
            self._is_told = False
            log.info("listening", input=self._source.label, rate=self._rate)

    def _complain(self, reason: str, **more: object) -> None:
        """Log a problem, at growing intervals if it repeats."""
        more = {"input": self._source.label, "reason": reason, **more}
        if self._seldom.warning("no audio", reason, **more):
            self._is_told = True
        else:
            log.debug("no audio", **more)
