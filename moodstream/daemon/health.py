"""What one wants to know of a daemon that nobody looks at."""

import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from moodstream.audio.chunk import Chunk, Gap
from moodstream.messages.published import VERSION, Message, timestamp
from moodstream.mqtt.publisher import Publisher
from moodstream.pipeline import Pipeline

INTERVAL_S = 60.0
"""Between two reports, unless there is something new to complain of."""
HOPS = 1000
"""So many of the last hops are what the percentiles are of."""


class Health:
    """Counts, and reports through the publisher every now and then.

    Args:
        pipeline: that hears.
        publisher: that has counters of its own.
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
        """Count a chunk, the hops that it completed and the seconds they took; report if due."""
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
            "uptime_s": round(time.monotonic() - self._begun_s),
            "frames": self._pipeline.heard_frames,
            "lost_samples": self._lost_n,
            "lost_events": self._publisher.lost_events,
            "waiting_events": self._publisher.waiting_events,
            "lost_lines": self._lost_lines(),
            "reconnects": self._publisher.reconnects,
            "inference_p50_ms": _percentile_ms(took_s, 0.5),
            "inference_p95_ms": _percentile_ms(took_s, 0.95),
        }


def _percentile_ms(ordered_s: Sequence[float], part: float) -> float | None:
    """The smallest of the ordered times that this part of them does not exceed, milliseconds."""
    if not ordered_s:
        return None
    return round(ordered_s[math.ceil(part * len(ordered_s)) - 1] * 1e3, 2)
