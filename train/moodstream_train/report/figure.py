"""One figure of the report: its mean, and how far folds and seeds move it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

Results = Mapping[str, Any]
"""What ``evaluate.measure`` found of one run."""
ByFold = dict[str, float]
"""The value of each fold, the mean over the seeds."""


@dataclass(frozen=True)
class Figure:
    """A mean, in the unit that its name says."""

    mean: float
    folds: float | None = None
    """Standard deviation over the folds, each the mean of its seeds; None of a single one."""
    seeds: float | None = None
    """Standard deviation over the seeds; None if there is one."""
    digits: int = 1
    signed: bool = False
    """A difference, which is shown with its sign."""

    def __str__(self) -> str:
        """As people read it: ``80.1 ± 4.2 (seeds ± 0.5)``."""
        text = f"{self.mean:{'+' if self.signed else ''}.{self.digits}f}"
        if self.folds is not None:
            text += f" ± {self.folds:.{self.digits}f}"
        if self.seeds is not None:
            text += f" (seeds ± {self.seeds:.{self.digits}f})"
        return text


def dig(tree: Any, *path: str) -> Any:
    """What lies at the end of a path of keys; None where it was not measured."""
    for key in path:
        if tree is None:
            return None
        tree = tree.get(key)
    return tree


def by_fold(runs: Sequence[Results], *path: str) -> ByFold:
    """The folds of a figure that has a mean, a deviation and each fold's value.

    Some figures are of the first folds only.
    """
    values: dict[str, list[float]] = {}
    for run in runs:
        if (spread := dig(run, *path)) is not None:
            for fold, value in zip(run["folds"]["folds"], spread["each"], strict=False):
                values.setdefault(fold, []).append(value)
    return {fold: float(np.mean(own)) for fold, own in values.items()}


def over_folds(runs: Sequence[Results], *path: str, digits: int = 1) -> Figure | None:
    """A figure of the folds of runs that differ in the seed alone; None if none measured it."""
    folds = list(by_fold(runs, *path).values())
    if not folds:
        return None
    means = [spread["mean"] for run in runs if (spread := dig(run, *path)) is not None]
    return Figure(float(np.mean(means)), _deviation(folds), _deviation(means), digits)


def over_seeds(values: Iterable[float | None], digits: int = 1) -> Figure | None:
    """A figure that each seed has one of; None if none has."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    return Figure(float(np.mean(known)), None, _deviation(known), digits)


def of_folds(figure: Figure | None) -> Figure | None:
    """The same without the deviation over the seeds, for tables that are wide enough."""
    return replace(figure, seeds=None) if figure else None


def difference(one: ByFold, other: ByFold) -> Figure | None:
    """One minus the other, fold by fold; None if they have none in common."""
    pairs = [one[fold] - other[fold] for fold in one if fold in other]
    if not pairs:
        return None
    return Figure(float(np.mean(pairs)), _deviation(pairs), signed=True)


def largest(figures: Iterable[Figure | None]) -> Figure | None:
    """The one with the largest mean."""
    return max((one for one in figures if one), key=lambda one: one.mean, default=None)


def smallest(figures: Iterable[Figure | None]) -> Figure | None:
    """The one with the smallest mean."""
    return min((one for one in figures if one), key=lambda one: one.mean, default=None)


def less(one: Figure | None, other: Figure | None) -> Figure | None:
    """The difference of two means that have nothing in common to pair."""
    if one is None or other is None:
        return None
    return replace(one, mean=one.mean - other.mean, folds=None, seeds=None, signed=True)


def _deviation(values: Sequence[float]) -> float | None:
    return float(np.std(values, ddof=1)) if len(values) > 1 else None
