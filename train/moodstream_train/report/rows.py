"""Rows of the protocol with their figures and verdicts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from moodstream_train.evaluation.measured import PRECISIONS, SHIPPED
from moodstream_train.parts import FOLDS
from moodstream_train.report.figure import Figure
from moodstream_train.report.gathered import Gathered
from moodstream_train.report.goals import GOALS, Goal
from moodstream_train.report.measurements import FINDS


@dataclass(frozen=True)
class Row:
    """Goal with its figures."""

    goal: Goal
    figures: dict[str, dict[str, Figure]]
    """Figures by precision and name."""
    verdict: str
    """"met", or the limits that are not reached or not measured."""

    @property
    def is_measured(self) -> bool:
        """Whether there is any figure."""
        return any(self.figures.values())

    @property
    def tree(self) -> dict[str, Any]:
        """Row as in ``results.json``."""
        goal = self.goal
        return {
            "id": goal.id,
            "protocol": goal.protocol,
            "to_beat": goal.to_beat,
            "source": goal.source,
            "goal": [str(limit) for limit in goal.limits],
            **{
                precision: {name: asdict(one) for name, one in found.items()}
                for precision, found in self.figures.items()
            },
            "verdict": self.verdict,
        }


def rows(gathered: Gathered) -> list[Row]:
    """Return all rows in the order of the protocol."""
    made = []
    for goal in GOALS:
        found: dict[str, dict[str, Figure]] = {precision: {} for precision in PRECISIONS}
        if goal.id in FINDS:
            for precision in PRECISIONS:
                each = FINDS[goal.id](gathered, precision)
                found[precision] = {name: one for name, one in each.items() if one}
        said = verdict(goal, found[SHIPPED])
        made.append(Row(goal, found, said + _unfinished(goal, gathered)))
    return made


def verdict(goal: Goal, found: Mapping[str, Figure]) -> str:
    """Compare figures with the limits of a goal."""
    if not found:
        return f"not measured: {commands(goal)}"
    missed = [
        one.name for one in goal.limits if one.name in found and not one.met(found[one.name].mean)
    ]
    absent = [one.name for one in goal.limits if one.name not in found]
    said = []
    if goal.limits and not absent and not missed:
        said.append("met")
    if missed:
        said.append("not reached: " + ", ".join(missed))
    if absent:
        said.append("not measured: " + ", ".join(absent))
    return "; ".join(said) or "reported"


def _unfinished(goal: Goal, gathered: Gathered) -> str:
    """Return a remark if a run has finished only some of its folds."""
    counts = [
        len(run["folds"]["folds"])
        for recipe in goal.recipes
        for run in gathered.of(recipe)
        if "folds" in run
    ]
    if not counts or min(counts) == len(FOLDS):
        return ""
    return f" (of {min(counts)} folds only)" if min(counts) > 1 else " (of one fold only)"


def commands(goal: Goal) -> str:
    """Return the commands that measure a row."""
    if not goal.recipes:
        return "`moodstream replay --format jsonl FILE…`, without and with `--adapt`"
    each = [
        f"`moodstream train --data DATA --recipe {recipe} --run {recipe}`"
        for recipe in goal.recipes
    ]
    return f"{', '.join(each)}, then `moodstream evaluate {' '.join(goal.recipes)}`"
