"""Choice of the smoothing on recorded streams of the training side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream_train.errors import TrainingError
from moodstream_train.measure import playback
from moodstream_train.measure.smoothing import said
from moodstream_train.measure.smoothing.record import Record
from moodstream_train.measure.smoothing.score import Score, score

MAX_FALSE_CHANGES = 1.5
"""Most false changes a minute: one in forty seconds, the longest segment of a stream."""
MAX_NOISE_SHARE = 5.0
"""Largest share of noise, hum and silence in which a mood may be named, percent."""
MAX_DELAY_S = 5.0
WINDOWS_S = (2.0, 3.0, 5.0, 8.0, 10.0)
"""Windows of the moving averages that the smoothing is compared with, seconds."""
SCORES_S = 3.0
"""Time constant of the published scores. No mood depends on it, so it is not searched."""

PARTS = 8
"""Parts in which the grid is searched."""

GRID = tuple(
    SmoothingSpec(SCORES_S, evidence_scale, lasting_s, confident, doubtful)
    for evidence_scale, lasting_s, confident, doubtful in product(
        (0.4, 0.8, 1.2, 1.6, 2.4),
        (5.0, 8.0, 16.0, 30.0, 60.0),
        (0.5, 0.65, 0.8),
        (0.3, 0.4, 0.5),
    )
)


@dataclass(frozen=True)
class Tried:
    """A setting and its score on the streams."""

    spec: SmoothingSpec
    score: Score
    noise_share: float
    """Share of the time without a mood in which one is named, percent."""


@dataclass(frozen=True)
class Tuning:
    """The chosen setting, and the alternatives."""

    chosen: Tried
    unmet: tuple[str, ...]
    """Limits that no setting meets; empty if the chosen one meets all."""
    window_s: float
    """Window of the best moving average, seconds."""
    average: Score
    """Score of the best moving average."""
    front: tuple[Tried, ...]
    """Settings that no other beats in false changes, share and noise at once, by false changes."""


def tune(
    records: Sequence[Record],
    noise_records: Sequence[Record],
    grid: Sequence[SmoothingSpec] = GRID,
) -> Tuning:
    """Choose the setting with the most right time within the limits.

    The first limit is :data:`MAX_FALSE_CHANGES` a minute, the second :data:`MAX_NOISE_SHARE`. If no
    setting meets a limit, the settings closest to it are kept.

    Args:
        records: streams of groups that the bundle was not fitted on. It is too sure of clips that
            it was fitted on.
        noise_records: sounds without a mood.
        grid: settings to choose from.

    Raises:
        TrainingError: the grid is empty.
    """
    if not grid:
        raise TrainingError("the grid is empty; give settings to choose from")
    window_s, average = best_average(records)
    parts = [grid[begin::PARTS] for begin in range(min(PARTS, len(grid)))]
    found = playback.spread(_try, [(records, noise_records, part) for part in parts])
    left = [one for part in found for one in part]
    front = _front(left)
    unmet = []
    left, problem = _narrow(left, lambda one: one.score.false_changes - MAX_FALSE_CHANGES)
    if problem:
        unmet.append(
            f"the limit of {MAX_FALSE_CHANGES:g} false changes a minute is missed by {problem:.2f}"
        )
    left, problem = _narrow(left, lambda one: one.noise_share - MAX_NOISE_SHARE)
    if problem:
        unmet.append(
            f"the limit of {MAX_NOISE_SHARE:g} % of noise with a mood is missed by "
            f"{problem:.2f} points"
        )
    chosen = max(left, key=lambda one: (one.score.share_right, -one.score.false_changes))
    return Tuning(chosen, tuple(unmet), window_s, average, tuple(front))


def best_average(
    records: Sequence[Record], windows_s: Sequence[float] = WINDOWS_S
) -> tuple[float, Score]:
    """Find the moving average with the most right time, among those that are fast enough.

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
    def found(among: Sequence[Record], spec: SmoothingSpec) -> Score:
        return score(among, [said.by_runtime(one, spec) for one in among])

    return [
        Tried(
            spec,
            found(records, spec),
            found(noise_records, spec).share_said if noise_records else 0.0,
        )
        for spec in grid
    ]


def _narrow(tried: Sequence[Tried], missing: Callable[[Tried], float]) -> tuple[list[Tried], float]:
    """Keep the settings that miss a limit by the least, and return by how much."""
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
