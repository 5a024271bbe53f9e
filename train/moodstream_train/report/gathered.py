"""Runs of a report, read from their folders."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from moodstream_train.errors import TrainingError
from moodstream_train.evaluation.measured import MEASURED, RESULTS
from moodstream_train.measure.verdict import Verdict
from moodstream_train.recipes import RECIPES
from moodstream_train.seed_project.baseline import SEED_RESULTS as SEED_PROJECT
from moodstream_train.training.run import RUN


class ReportError(TrainingError):
    """Runs that cannot be on one page; the message says why and what to do."""


@dataclass(frozen=True)
class Measured:
    """Measured run."""

    folder: Path
    results: dict[str, Any]
    changes: tuple[str, ...]
    """Values given with ``--set``, as ``key=value``."""

    @property
    def recipe(self) -> str:
        """Name of the recipe."""
        return str(self.results["recipe"])

    @property
    def seed(self) -> int:
        """Seed of the run."""
        return int(self.results["seed"])

    @property
    def commands(self) -> str:
        """Commands that make the run again."""
        name = self.folder.name
        changes = "".join(f" --set {change}" for change in self.changes)
        return (
            f"`moodstream train --data DATA --recipe {self.recipe} --seed {self.seed}{changes} "
            f"--run {name}`, `moodstream evaluate {name}`"
        )


@dataclass(frozen=True)
class Gathered:
    """Everything that a report shows."""

    runs: tuple[Measured, ...]
    """Runs by recipe, then by seed."""
    seed_project_folder: Path | None
    seed_project: dict[str, Any] | None
    """Results of ``seed_project.baseline.run``."""

    @property
    def seed_project_command(self) -> str | None:
        """Command that makes the student project again."""
        if self.seed_project_folder is None or self.seed_project is None:
            return None
        return SEED_PROJECT_COMMAND.format(
            seed=self.seed_project["seed"], name=self.seed_project_folder.name
        )

    def measured(self, recipe: str) -> list[Measured]:
        """Return the runs of a recipe, which differ in the seed."""
        return [run for run in self.runs if run.recipe == recipe]

    def of(self, recipe: str) -> list[dict[str, Any]]:
        """Return the results of the runs of a recipe."""
        return [run.results for run in self.measured(recipe)]


SEED_PROJECT_COMMAND = (
    "`moodstream train --data DATA --recipe seed-project --seed {seed} --run {name}`"
)


def is_seed_project(folder: Path) -> bool:
    """Tell whether a folder holds the student project, which is not measured."""
    return (folder / SEED_PROJECT).exists()


def gather(folders: Sequence[Path]) -> Gathered:
    """Read the results of some folders.

    Raises:
        ReportError: a folder is not measured, or two runs have the same recipe and seed, or the
            same recipe with different changes.
    """
    baselines = [folder for folder in folders if is_seed_project(folder)]
    if len(baselines) > 1:
        raise ReportError(f"{baselines[0]} and {baselines[1]}: two seed projects; give one of them")
    runs = [_measured(folder) for folder in folders if not is_seed_project(folder)]
    runs.sort(key=lambda run: (list(RECIPES).index(run.recipe), run.seed))
    for one, other in pairwise(runs):
        if one.recipe == other.recipe:
            _check(one, other)
    baseline = json.loads((baselines[0] / SEED_PROJECT).read_text()) if baselines else None
    return Gathered(tuple(runs), baselines[0] if baselines else None, baseline)


def verdicts(folder: Path, part: str, name: str) -> list[Verdict]:
    """Read the verdicts of a run's bundle on held-out clips; an empty list if there are none.

    Args:
        folder: of the run.
        part: of the run.
        name: precision of the bundle.
    """
    path = folder / part / MEASURED / f"verdicts-{name}.json"
    return [Verdict(**one) for one in json.loads(path.read_text())] if path.exists() else []


def changes_of(tree: dict[str, Any], standard: dict[str, Any], path: str = "") -> tuple[str, ...]:
    """Return the differences of a recipe from the one of its name, as ``--set`` takes them."""
    found: list[str] = []
    for key, value in tree.items():
        place, usual = f"{path}{key}", standard.get(key)
        if isinstance(value, dict) and isinstance(usual, dict):
            found += changes_of(value, usual, f"{place}.")
        elif value != usual:
            found.append(f"{place}={json.dumps(value, separators=(',', ':'))}")
    return tuple(found)


def _measured(folder: Path) -> Measured:
    path = folder / RESULTS
    if not path.exists():
        raise ReportError(
            f"{folder}: no {RESULTS} in it; measure the run with `moodstream evaluate` first"
        )
    results = json.loads(path.read_text())
    recipe = results.get("recipe")
    if recipe not in RECIPES:
        raise ReportError(
            f"{path}: unknown recipe '{recipe}'; measure the run again with `moodstream evaluate`"
        )
    tree = json.loads((folder / RUN).read_text())["recipe"]
    standard = json.loads(json.dumps(asdict(RECIPES[recipe])))
    return Measured(folder, results, changes_of(tree, standard))


def _check(one: Measured, other: Measured) -> None:
    if one.seed == other.seed:
        raise ReportError(
            f"{one.folder} and {other.folder}: both of recipe {one.recipe}, seed {one.seed}; "
            "give one of them"
        )
    if one.changes != other.changes:
        raise ReportError(
            f"{one.folder} and {other.folder}: both of recipe {one.recipe}, but with different "
            f"changes ({', '.join(one.changes) or 'none'}; {', '.join(other.changes) or 'none'}); "
            "a mean over seeds needs the same recipe"
        )
