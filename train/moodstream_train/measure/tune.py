"""Chooses the smoothing on recorded streams of the training side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from moodstream.arrays import Float32
from moodstream.smoothing import SmoothingSpec
from moodstream_train.errors import TrainingError
from moodstream_train.measure import hear, said
from moodstream_train.measure.record import Record
from moodstream_train.measure.score import Score, score

MAX_DELAY_S = 5.0
MAX_NOISE_SHARE = 5.0
"""Of the time in noise, hum and silence in which a mood may be said, percent."""
WINDOWS_S = (2.0, 3.0, 5.0, 8.0, 10.0)
"""Of the moving averages that the smoothing must not be worse than."""

GRID = tuple(
    SmoothingSpec(time_constant_s, margin, dwell_s, confident, doubtful)
    for time_constant_s, margin, dwell_s, confident, doubtful in product(
        (1.0, 2.0, 3.0, 4.0, 6.0),
        (0.0, 0.06, 0.12, 0.2, 0.3),
        (0.0, 1.0, 2.0, 3.0),
        (0.3, 0.38, 0.45, 0.55),
        (0.0, 0.25, 0.32, 0.38, 0.45),
    )
    if doubtful <= confident
)


@dataclass(frozen=True)
class Tried:
    """One setting, and what it is worth on the streams that it was tried on."""

    spec: SmoothingSpec
    score: Score
    noise_share: float
    """Of the time without any mood to hear in which one is said, percent."""


@dataclass(frozen=True)
class Tuning:
    """What was chosen, and what there was to choose from."""

    chosen: Tried
    unmet: tuple[str, ...]
    """The demands that no setting met; empty if the chosen one meets all."""
    window_s: float
    """Of the best moving average, seconds..."""
    average: Score
    """...and what that is worth."""
    front: tuple[Tried, ...]
    """Those that no other beats in false changes, share and noise at once, of the fast ones; from
    the least false changes on. For people who would rather trade one for another."""


def tune(
    records: Sequence[Record],
    noise_records: Sequence[Record],
    grid: Sequence[SmoothingSpec] = GRID,
) -> Tuning:
    """The least false changes that the delay, the share and the noise allow.

    The demands, in the order of their weight: a median delay of no more than :data:`MAX_DELAY_S`;
    a share of right time no less than that of the best moving average which is as fast; no more
    than :data:`MAX_NOISE_SHARE` of mood in what has none. Where no setting that is left meets a
    demand, those that come nearest to it are left.

    Args:
        records: streams of the training side, of groups that the bundle was not fitted on: of what
            it knows by heart it is surer than it will ever be of a room.
        noise_records: what has no mood.
        grid: the settings to choose from.

    Raises:
        TrainingError: there are none.
    """
    if not grid:
        raise TrainingError("the grid is empty; give settings to choose from")
    window_s, average = best_average(records)
    constants = sorted({spec.time_constant_s for spec in grid})
    parts = [[spec for spec in grid if spec.time_constant_s == constant] for constant in constants]
    found = hear.spread(_try, [(records, noise_records, part) for part in parts])
    left = [one for part in found for one in part]
    unmet = []
    left, problem = _narrow(left, lambda one: one.score.median_delay_s - MAX_DELAY_S)
    if problem:
        unmet.append(f"a median delay of {MAX_DELAY_S:g} s is missed by {problem:.2f} s")
    front = _front(left)
    left, problem = _narrow(left, lambda one: average.share_right - one.score.share_right)
    if problem:
        unmet.append(
            f"the {average.share_right:.1f} % of the time in which a moving average of "
            f"{window_s:g} s is right are missed by {problem:.2f} points"
        )
    left, problem = _narrow(left, lambda one: one.noise_share - MAX_NOISE_SHARE)
    if problem:
        unmet.append(
            f"a mood in no more than {MAX_NOISE_SHARE:g} % of noise is missed by "
            f"{problem:.2f} points"
        )
    chosen = min(left, key=lambda one: (one.score.false_changes, -one.score.share_right))
    return Tuning(chosen, tuple(unmet), window_s, average, tuple(front))


def best_average(
    records: Sequence[Record], windows_s: Sequence[float] = WINDOWS_S
) -> tuple[float, Score]:
    """The moving average that is right for the longest time, of those that are fast enough.

    Returns:
        its window in seconds, and its score.
    """
    found = [
        (window_s, score(records, [said.by_moving_average(record, window_s) for record in records]))
        for window_s in windows_s
    ]
    fast = [one for one in found if one[1].median_delay_s <= MAX_DELAY_S]
    return max(fast or found, key=lambda one: one[1].share_right)


def _try(
    records: Sequence[Record], noise_records: Sequence[Record], grid: Sequence[SmoothingSpec]
) -> list[Tried]:
    """Settings that share a time constant, and with it the costly part."""
    constant = grid[0].time_constant_s
    smooth = [said.averaged(record, constant) for record in records]
    noise_smooth = [said.averaged(record, constant) for record in noise_records]
    return [
        Tried(
            spec,
            _score(records, smooth, spec),
            _score(noise_records, noise_smooth, spec).share_said if noise_records else 0.0,
        )
        for spec in grid
    ]


def _score(records: Sequence[Record], smooth: Sequence[Float32], spec: SmoothingSpec) -> Score:
    each = [said.by_decision(r, own, spec) for r, own in zip(records, smooth, strict=True)]
    return score(records, each)


def _narrow(tried: Sequence[Tried], missing: Callable[[Tried], float]) -> tuple[list[Tried], float]:
    """Those from which nothing is missing, or the least; and how much that is."""
    least = max(0.0, min(missing(one) for one in tried))
    return [one for one in tried if missing(one) <= least], least


def _front(tried: Sequence[Tried]) -> list[Tried]:
    def worth(one: Tried) -> tuple[float, float, float]:
        return -one.score.false_changes, one.score.share_right, -one.noise_share

    best: dict[tuple[float, float, float], Tried] = {}
    for one in tried:
        best.setdefault(worth(one), one)
    places = sorted(best, reverse=True)
    return [
        best[own]
        for own in places
        if not any(
            other != own and all(a >= b for a, b in zip(other, own, strict=True))
            for other in places
        )
    ]
