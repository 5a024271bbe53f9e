"""Figure of the report: a mean with its deviations over folds and seeds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

Results = Mapping[str, Any]
"""Results of one run, from ``evaluate.measure``."""
ByFold = dict[str, float]
"""Value of each fold: the mean over the seeds."""


@dataclass(frozen=True)
class Figure:
    """Mean in the unit that its name says."""

    mean: float
    folds: float | None = None
    """Standard deviation over the folds, each the mean of its seeds; None with one fold."""
    seeds: float | None = None
    """Standard deviation over the seeds; None with one seed."""
    digits: int = 1
    signed: bool = False
    """Whether it is a difference, which is shown with its sign."""

    def __str__(self) -> str:
        """Format as ``80.1 ± 4.2 (seeds ± 0.5)``."""
        text = f"{self.mean:{'+' if self.signed else ''}.{self.digits}f}"
        if self.folds is not None:
            text += f" ± {self.folds:.{self.digits}f}"
        if self.seeds is not None:
            text += f" (seeds ± {self.seeds:.{self.digits}f})"
        return text


def dig(tree: Any, *path: str) -> Any:
    """Return the value at the end of a path of keys; None if it was not measured."""
    for key in path:
        if tree is None:
            return None
        tree = tree.get(key)
    return tree


def by_fold(runs: Sequence[Results], *path: str) -> ByFold:
    """Return the value of each fold of a figure, averaged over runs.

    Some figures are of the first folds only.
    """
    values: dict[str, list[float]] = {}
    for run in runs:
        if (spread := dig(run, *path)) is not None:
            for fold, value in zip(run["folds"]["folds"], spread["each"], strict=False):
                values.setdefault(fold, []).append(value)
    return {fold: float(np.mean(own)) for fold, own in values.items()}


def over_folds(runs: Sequence[Results], *path: str, digits: int = 1) -> Figure | None:
    """Return a figure over folds, from runs that differ only in the seed, or None."""
    folds = list(by_fold(runs, *path).values())
    if not folds:
        return None
    means = [spread["mean"] for run in runs if (spread := dig(run, *path)) is not None]
    return Figure(float(np.mean(means)), _deviation(folds), _deviation(means), digits)


def over_seeds(values: Iterable[float | None], digits: int = 1) -> Figure | None:
    """Return a figure over seeds; None if no seed has a value."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    return Figure(float(np.mean(known)), None, _deviation(known), digits)


def of_folds(figure: Figure | None) -> Figure | None:
    """Return a figure without its deviation over the seeds, for wide tables."""
    return replace(figure, seeds=None) if figure else None


def difference(one: ByFold, other: ByFold) -> Figure | None:
    """Return one minus the other, fold by fold; None if they share no fold."""
    pairs = [one[fold] - other[fold] for fold in one if fold in other]
    if not pairs:
        return None
    return Figure(float(np.mean(pairs)), _deviation(pairs), signed=True)


def largest(figures: Iterable[Figure | None]) -> Figure | None:
    """Return the figure with the largest mean."""
    return max((one for one in figures if one), key=lambda one: one.mean, default=None)


def smallest(figures: Iterable[Figure | None]) -> Figure | None:
    """Return the figure with the smallest mean."""
    return min((one for one in figures if one), key=lambda one: one.mean, default=None)


def less(one: Figure | None, other: Figure | None) -> Figure | None:
    """Return the difference of two means that cannot be paired."""
    if one is None or other is None:
        return None
    return replace(one, mean=one.mean - other.mean, folds=None, seeds=None, signed=True)


def _deviation(values: Sequence[float]) -> float | None:
    return float(np.std(values, ddof=1)) if len(values) > 1 else None
