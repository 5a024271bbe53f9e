"""Counters of the daemon, reported over MQTT."""

import math
import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from moodstream import __version__
from moodstream.audio.chunk import Chunk, Gap
from moodstream.messages.published import VERSION, Message, timestamp
from moodstream.mqtt.publisher import Publisher
from moodstream.pipeline import Pipeline

INTERVAL_S = 60.0
"""Seconds between two reports; a new loss or reconnection is reported immediately."""
HOPS = 1000
"""Number of recent hops that the percentiles cover."""


class Health:
    """Counters of a run, reported through the publisher.

    Args:
        pipeline: counts the frames heard.
        publisher: takes the reports, and has counters of its own.
        lost_lines: counts lines that could not be written to standard output and standard error.
    """

    def __init__(
        self, pipeline: Pipeline, publisher: Publisher, lost_lines: Callable[[], int]
    ) -> None:
        self._pipeline, self._publisher = pipeline, publisher
        self._lost_lines = lost_lines
        self._begun_s = time.monotonic()
        self._reported_s = -math.inf
        self._reported: tuple[int, ...] = ()
        self._took_s: deque[float] = deque(maxlen=HOPS)
        self._lost_n = 0

    def process(self, chunk: Chunk, hops: int, took_s: float) -> None:
        """Count a chunk, and send a report if one is due.

        Args:
            chunk: of the source.
            hops: number of hops that the chunk completed.
            took_s: seconds that these took.
        """
        if isinstance(chunk, Gap):
            self._lost_n += 0 if chunk.paused else chunk.length_n
        elif hops:
            self._took_s.append(took_s / hops)
        now_s = time.monotonic()
        complaints = self._lost_n, self._publisher.lost_events, self._publisher.reconnects
        if now_s - self._reported_s >= INTERVAL_S or complaints != self._reported:
            self._reported_s, self._reported = now_s, complaints
            self._publisher.health(self._message())

    def _message(self) -> Message:
        took_s = sorted(self._took_s)
        return {
            "v": VERSION,
            "time": timestamp(datetime.now(UTC)),
            "version": __version__,
            "uptime_s": round(time.monotonic() - self._begun_s),
            "frames": self._pipeline.heard_frames,
            "lost_samples": self._lost_n,
            "lost_events": self._publisher.lost_events,
            "waiting_events": self._publisher.waiting_events,
            "lost_lines": self._lost_lines(),
            "reconnects": self._publisher.reconnects,
            "inference_p50_ms": _percentile_ms(took_s, 0.5),
            "inference_p95_ms": _percentile_ms(took_s, 0.95),
            "memory_mb": _memory_mb(),
            "cpu_s": round(time.process_time(), 1),
        }


def _memory_mb() -> float | None:
    """Return the resident memory of this process, megabytes (proc(5), statm)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def _percentile_ms(ordered_s: Sequence[float], part: float) -> float | None:
    """Return a percentile of the times, milliseconds."""
    if not ordered_s:
        return None
    return round(ordered_s[math.ceil(part * len(ordered_s)) - 1] * 1e3, 2)
