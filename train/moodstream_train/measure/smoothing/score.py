"""Scores of streams: how well the named quadrants follow the true ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from moodstream_train.errors import TrainingError
from moodstream_train.measure.smoothing.record import Record
from moodstream_train.measure.smoothing.said import Said


@dataclass(frozen=True)
class Score:
    """Figures of some streams together."""

    minutes: float
    share_right: float
    """Share of the time in which the named quadrant is the true one, percent."""
    share_said: float
    """Share of the time in which any mood is named, percent."""
    median_delay_s: float
    """Median time from a change until the new quadrant is named, or until its segment ends."""
    never: float
    """Share of the changes whose new quadrant is never named, percent."""
    false_changes: float
    """Changes a minute of the named quadrant, except the first time that the new true quadrant is
    named after a change. A pause without a mood is no change."""
    lapses: float
    """Times a minute that a quadrant is named and then none."""


def score(records: Sequence[Record], said: Sequence[Said]) -> Score:
    """Score streams together.

    A quadrant that is named at the end of a hop stands until the end of the next. The start of a
    stream counts as a change.

    Raises:
        TrainingError: there are no records.
    """
    if not records:
        raise TrainingError("found no records; record some streams first")
    right_s = said_s = total_s = 0.0
    delays_s: list[float] = []
    never = false = lapses = 0
    for record, own in zip(records, said, strict=True):
        durations_s, true, shown = _timeline(record, own)
        for seconds, t, one in zip(durations_s, true, shown, strict=True):
            total_s += seconds
            said_s += seconds * (one is not None)
            right_s += seconds * (one is not None and one == t)
        for delay_s, was_said in _delays(record, own):
            delays_s.append(delay_s)
            never += not was_said
        false += _false_changes(record, own)
        lapses += sum(a is not None and b is None for a, b in pairwise(own))
    minutes = total_s / 60
    return Score(
        minutes=round(minutes, 2),
        share_right=round(100 * right_s / total_s, 2),
        share_said=round(100 * said_s / total_s, 2),
        median_delay_s=round(float(np.median(delays_s)), 3),
        never=round(100 * never / len(delays_s), 2),
        false_changes=round(false / minutes, 3),
        lapses=round(lapses / minutes, 3),
    )


def _timeline(record: Record, said: Said) -> tuple[list[float], list[str | None], list[str | None]]:
    """Return stretches without a change: their seconds, true and named quadrants."""
    edges_n = np.union1d(np.r_[0, record.ends_n], record.starts_n)
    edges_n = edges_n[edges_n <= record.ends_n[-1]]
    begins_n = edges_n[:-1]
    hops = np.searchsorted(record.ends_n, begins_n, side="right") - 1
    segments = np.searchsorted(record.starts_n, begins_n, side="right") - 1
    return (
        (np.diff(edges_n) / record.rate).tolist(),
        [record.quadrants[i] for i in segments],
        [None if i < 0 else said[i] for i in hops],
    )


def _delays(record: Record, said: Said) -> list[tuple[float, bool]]:
    """Return for each segment the seconds until it is named, and whether it is named at all."""
    found = []
    ends_n = [*record.starts_n[1:], int(record.ends_n[-1])]
    for start_n, end_n, true in zip(record.starts_n, ends_n, record.quadrants, strict=True):
        if _standing(record, said, start_n) == true:
            found.append((0.0, True))
            continue
        first, last = np.searchsorted(record.ends_n, (start_n, end_n)).tolist()
        right = [int(record.ends_n[i]) for i in range(first, last) if said[i] == true]
        found.append((((right[0] if right else end_n) - start_n) / record.rate, bool(right)))
    return found


def _false_changes(record: Record, said: Said) -> int:
    count = 0
    shown: str | None = None
    owed = False  # whether the true quadrant of this segment may still be said for the first time
    segment = -1
    segments = np.searchsorted(record.starts_n, record.ends_n, side="right") - 1
    for now, own in zip(segments.tolist(), said, strict=True):
        if now != segment:
            segment, owed = now, shown != record.quadrants[now]
        if own is None or own == shown:
            continue
        if owed and own == record.quadrants[now]:
            owed = False
        else:
            count += 1
        shown = own
    return count


def _standing(record: Record, said: Said, at_n: int) -> str | None:
    """Return the quadrant that stands just before a sample of the stream."""
    hop = int(np.searchsorted(record.ends_n, at_n, side="left")) - 1
    return None if hop < 0 else said[hop]
