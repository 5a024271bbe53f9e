"""Named quadrant after each hop, from recorded evidence."""

from collections import deque
from collections.abc import Sequence

import numpy as np

from moodstream.arrays import Float32
from moodstream.mood.circumplex import MOODS, QUADRANT_OF, quadrant
from moodstream.mood.smoothing import Decision
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream_train.measure.smoothing.record import Record

Said = Sequence[str | None]
"""Quadrant after each hop; None where no mood is named."""


def by_runtime(record: Record, spec: SmoothingSpec) -> list[str | None]:
    """Return the quadrant of the mood that the runtime names after each hop."""
    decision = Decision(spec, record.rate)
    said: list[str | None] = []
    for i, length_n in enumerate(np.diff(record.ends_n, prepend=0).tolist()):
        mood = None
        if record.silent[i]:
            decision.reset()
        if record.heard[i]:
            mood = decision.process(record.evidence[i, 0].tolist(), length_n)
        said.append(None if mood is None else QUADRANT_OF[MOODS[mood]])
    return said


def by_moving_average(record: Record, window_s: float) -> list[str | None]:
    """Return the quadrant by a moving average of the probabilities, as a baseline.

    As in the runtime, silence and an incomplete window have none.
    """
    said: list[str | None] = []
    recent: deque[tuple[int, Float32]] = deque()
    for end_n, heard, silent, evidence in zip(
        record.ends_n, record.heard, record.silent, record.evidence, strict=True
    ):
        if silent:
            recent.clear()
        if not heard:
            said.append(None)
            continue
        recent.append((int(end_n), np.exp(evidence[0])))
        while recent[0][0] <= end_n - window_s * record.rate:
            recent.popleft()
        said.append(quadrant(np.mean([scores for _, scores in recent], axis=0).tolist()))
    return said
